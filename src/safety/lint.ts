import type { Direction } from '../layouts/layout';
import type { SqlParser } from '../sql/parser';
import { TextPositions } from '../sql/positions';
import type { ParsedSql, Position, SqlProblem, Statement } from '../sql/statement';
import type { Finding, Fix, Severity } from './finding';
import { forecastEach } from './forecast/forecast-statements';
import { refineWithCatalog } from './forecast/refine-with-catalog';
import type { WorkRates } from './forecast/work-rates';
import { transactionOf } from './forecast/transaction-state';
import type { Forecast } from './forecast';
import type { FixProposal, FixTarget } from './fix-proposal';
import { applyToKnownSchema } from './known-schema-fold';
import { cloneKnownSchema, type KnownRelation, type KnownSchema } from './known-schema';
import { bodyProblems, type PlacedProblem } from './routines/body-problems';
import { InsideStatement } from './routines/inside-statement';
import { fixer, type Fixer } from './fixer';
import { chooseRules, type RuleChoice } from './rule-choice';
import type { ForecastTransaction, Rule, RuleScript, ScriptPlan } from './rule';
import { fileRuleIds, type FileRuleId } from './file-rule-ids';
import { knownRuleIds, nearestRuleId } from './rule-ids';
import { applySuppressions, suppressionFindings, suppressionsOf, type RuleNames } from './suppression';
import { withoutRepeats } from './yielding';

export interface LintInput {
  path: string;
  /** The SQL of one direction. */
  sql: string;
  /** UTF-16 offset of `sql` in its file. */
  offset: number;
  /** The whole file, where `sql` is only a part of it: positions are the file's. */
  fileText?: string;
  direction: Direction;
  /** How the layout's runner wraps the script. */
  transaction: ForecastTransaction;
  /** What exists before the script; null when nothing is known. */
  schema: KnownSchema | null;
  /** `schema` may be changed: it becomes what exists after the script. */
  schemaIsOurs?: boolean;
  serverMajor: number;
  /** Severity per rule, or `off`. */
  levels: Readonly<Record<string, Severity | 'off'>>;
  /** The rules that these levels and this version turn on, where many files share them. */
  choice?: RuleChoice;
  /** Measured rates of the server, for how long locks are held. */
  rates?: WorkRates;
  /** What the workspace's plans say of the file; null (or left out) where nobody looked. */
  plan?: ScriptPlan | null;
  /** What the folder it lies in says of the file as a whole. */
  ofFile?: readonly FileProblem[];
  /** Where fixes go; left out for text that is no file of a layout: fixes then stay inside the script. */
  target?: FixTarget;
}

/** Something wrong with a file as a whole: a finding at its start. */
export interface FileProblem {
  rule: FileRuleId;
  severity: Severity;
  message: string;
}

export interface LintedScript {
  statements: Forecast[];
  /** In the order of the text. */
  findings: Finding[];
  /** Per statement, the transaction it shares with others; null for one of its own. */
  transactions: (number | null)[];
  /** Rows of the relations that are locked or worked on, by `schema.name`, where a database told. */
  rows: Record<string, number>;
}

/** What each statement of a script will do, and what to do instead. Never throws. */
export function lintScript(parser: SqlParser, input: LintInput): LintedScript {
  return lintParsed(parser.parse(input.sql), input);
}

/** The same, of a script that is parsed already. */
export function lintParsed(parsed: ParsedSql, input: LintInput): LintedScript {
  const forecasts: Forecast[] = [];
  const found: Finding[] = [];
  const rows: Record<string, number> = {};
  const { statements, comments } = parsed;
  const blocks = transactionOf(statements, input.transaction);
  // Field by field, here and below: a copy of all of `input` takes as long as some of the rules.
  const { sql, direction, transaction, serverMajor } = input;
  const script: RuleScript = {
    sql,
    statements,
    comments,
    blocks,
    earlier: forecasts,
    atEnd: relationsAtEnd(statements),
    direction,
    transaction,
    serverMajor,
    outside: input.target?.outside ?? null,
    plan: input.plan ?? null,
  };
  const fixOf = fixer(input, statements);
  const choice = input.choice ?? chooseRules(input.levels, input.serverMajor);
  const inside = new InsideStatement(script);
  const { schema: before, schemaIsOurs } = input;
  const steps = forecastEach({
    statements,
    direction,
    schema: before,
    schemaIsOurs,
    transaction,
    serverMajor,
  });
  for (const { statement, forecast, schema, within } of steps) {
    const refined = schema.source === 'catalog' ? refineWithCatalog(forecast, schema, input.rates) : forecast;
    const context = { statement, forecast: refined, schema, script: within ? inside.script : script };
    for (const rule of choice.of(statement)) {
      if (rule.planned === true && script.plan?.kind === 'step') continue;
      // What a rule says of a statement inside, it need not say again of the whole.
      if (!within && inside.said.has(rule.id)) continue;
      const results = rule.check(context);
      // Hardly any rule has something to say of a statement, and this is the hottest place of all.
      if (results.length === 0) continue;
      for (const result of results) {
        const { message, fix } = result;
        const { start, end } = inside.place(result, statement, within);
        if (within) inside.said.add(rule.id);
        const finding = {
          rule: rule.id,
          severity: severityOf(rule.id, result.severity ?? rule.severity, input),
          statement: statement.index,
          start,
          end,
          message,
        };
        const proposal = fix && inside.mayFix(fix, within) ? fix : null;
        found.push(withFix(finding, proposal, statement, fixOf));
      }
    }
    if (within) {
      inside.passed(refined);
      continue;
    }
    inside.leave(refined);
    forecasts.push(refined);
    if (schema.source === 'catalog') noteRows(rows, refined, schema);
  }
  const suppressions = suppressionsOf(input.sql, comments, statements);
  const all = [
    ...withoutRepeats(found, choice.yielding),
    ...problemFindings([...parsed.problems.map(ofScript), ...bodyProblems(statements)], input),
    ...fileFindings(input),
  ];
  const kept = applySuppressions(all, suppressions);
  const findings = [
    ...kept,
    ...suppressionFindings(suppressions, () => ruleNames(choice.active, input)),
  ].filter((finding) => input.levels[finding.rule] !== 'off');
  findings.sort((a, b) => a.start.offset - b.start.offset || (a.rule < b.rule ? -1 : 1));
  return inFile({ statements: forecasts, findings, transactions: blocks, rows }, input);
}

function noteRows(rows: LintedScript['rows'], { locks, works }: Forecast, schema: KnownSchema): void {
  for (const { relation } of [...locks, ...works]) {
    const known = schema.relations.get(relation)?.rows;
    if (known !== undefined && known !== null) rows[relation] = known;
  }
}

/**
 * The edits of a fix are worked out when somebody looks at them: an editor shows few of those it finds. Until then
 * the finding holds what is given here and nothing else: with the schema, a long history would not fit in memory.
 */
function withFix(
  finding: Omit<Finding, 'fix'>,
  proposal: FixProposal | null,
  statement: Statement,
  resolve: Fixer,
): Finding {
  if (!proposal) return { ...finding, fix: null };
  let fix: Fix | null | undefined;
  return {
    ...finding,
    get fix() {
      if (fix === undefined) fix = resolve(proposal, statement);
      return fix;
    },
  };
}

/** What the statements leave behind is the same from wherever one looks: it is folded once. */
function relationsAtEnd(statements: readonly Statement[]): RuleScript['atEnd'] {
  let relations: ReadonlyMap<string, KnownRelation> | null = null;
  return (schema, statement) => {
    if (relations) return relations;
    const end = cloneKnownSchema(schema);
    for (const each of statements.slice(statement.index)) applyToKnownSchema(end, each, true);
    // What the statements still to come change in the original was copied by applying them here.
    relations = end.relations;
    return relations;
  };
}

/** What the configuration says of a rule, else what the finding has by itself. */
function severityOf(rule: string, own: Severity, { levels }: LintInput): Severity {
  const level = levels[rule];
  return level === undefined || level === 'off' ? own : level;
}

function ofScript(problem: SqlProblem): PlacedProblem {
  return { ...problem, statement: null };
}

function problemFindings(problems: readonly PlacedProblem[], input: LintInput): Finding[] {
  return problems.map(({ kind, message, start, end, statement }) => ({
    rule: kind,
    severity: severityOf(kind, kind === 'syntax-error' ? 'error' : 'info', input),
    statement,
    start,
    end,
    message,
    fix: null,
  }));
}

function fileFindings(input: LintInput): Finding[] {
  const start = { offset: 0, line: 1, column: 1 };
  const length = /^[^\r\n]*/.exec(input.sql)![0].trimEnd().length;
  const end = { offset: length, line: 1, column: length + 1 };
  return (input.ofFile ?? []).map(({ rule, severity, message }) => ({
    rule,
    severity: severityOf(rule, severity, input),
    statement: null,
    start,
    end,
    message,
    fix: null,
  }));
}

function ruleNames(active: readonly Rule[], input: LintInput): RuleNames {
  const known = new Set(knownRuleIds());
  const speaking = new Set([...active.map((rule) => rule.id), ...fileRuleIds]);
  // A step's file is read without what is there before it: what was known when its plan was made may not be seen.
  const isStep = input.plan?.kind === 'step' && input.plan.timed;
  const silent = [...known].filter((id) => isStep || !speaking.has(id) || input.levels[id] === 'off');
  return { known, nearest: nearestRuleId, silent: new Set(silent) };
}

/** Moves every place from the script to its file. */
function inFile(result: LintedScript, input: LintInput): LintedScript {
  if (input.offset === 0 && input.fileText === undefined) return result;
  const positions = input.fileText === undefined ? null : new TextPositions(input.fileText);
  const move = (place: Position): Position =>
    positions ? positions.at(place.offset + input.offset) : { ...place, offset: place.offset + input.offset };
  const moved = <Placed extends { start: Position; end: Position }>(placed: Placed): Placed => ({
    ...placed,
    start: move(placed.start),
    end: move(placed.end),
  });
  return {
    ...result,
    statements: result.statements.map(moved),
    findings: result.findings.map(moved),
  };
}
