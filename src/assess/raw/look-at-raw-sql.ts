import type { QualifiedName } from '../../sql/identifier';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { effectProbes } from '../../safety/probes/effect-probes';
import { readKnownSchema } from '../../safety/read-known-schema';
import { parseExpression } from '../../sql/expression';
import { obstacleToSending } from '../../sql/obstacle';
import type { ParsedSql } from '../../sql/statement';
import { asKind, walkTree } from '../../sql/tree';
import type { ChangeFindings, RawStep } from '../change-facts';
import type { Look } from '../changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from '../read-only-query';
import { findingsOnSteps } from './findings-on-steps';
import { rawSteps } from './raw-steps';
import { tablesOfDomains } from './tables-of-domains';

/** SQL of one's own, and what only a person can say of it. */
export interface RawWish {
  sql: string;
  /** How it is taken back; null where it is derived. */
  down: string | null;
  /** A condition that is true when it is done; null where the catalog tells. */
  proof: string | null;
  irreversible: boolean;
}

/**
 * The steps of somebody's own SQL on this database, and what is still to be said of it. Throws `invalid-input` for what
 * cannot be read, `already-done`.
 */
export async function lookAtRawSql(wish: RawWish, at: Look): Promise<ChangeFindings> {
  const { session, parser, signal } = at;
  const parsed = readable(wish.sql, at);
  if (wish.down !== null) readable(wish.down, at);
  if (wish.proof !== null) checkProof(wish.proof, at);
  const relations = [...relationsOf(parsed), ...(await tablesOfDomains(parsed, at))];
  const schema = await readKnownSchema(session, parser, { relations, signal });
  const { major } = session.facts;
  const steps = rawSteps(wish.sql, parsed, schema, major);
  if (parsed.statements.every(tellsItself)) await refuseDone(steps, at);
  return {
    rawSteps: steps,
    blockers: [
      ...parsed.statements.filter(needsSearchPath).map(unqualified),
      ...findingsOnSteps(steps, schema, at),
      ...unsaid(wish, steps),
    ],
  };
}

function readable(sql: string, { parser }: Look): ParsedSql {
  const parsed = parser.parse(sql);
  const obstacle = obstacleToSending(parsed);
  if (obstacle)
    refuse(t('Line {0} cannot be read: {1} Correct the SQL.', obstacle.start.line, obstacle.message));
  if (parsed.statements.length === 0) refuse(t('There is no statement. Write at least one.'));
  const transaction = parsed.statements.find(({ kind }) => kind === 'TransactionStmt');
  if (transaction)
    refuse(
      t(
        '{0} is not needed: Switchback decides which statements share a transaction. Leave it out.',
        transaction.text,
      ),
    );
  return parsed;
}

function checkProof(proof: string, { parser }: Look): void {
  const problem = parseExpression(parser, proof).problems[0];
  if (problem) refuse(t('{0} is no condition: {1} Correct it.', proof, problem.message));
}

/** The relations a script names, with their schemas. */
export function relationsOf({ statements }: ParsedSql): QualifiedName[] {
  const names: QualifiedName[] = [];
  walkTree(
    statements.map(({ node }) => node),
    (_kind, fields) => {
      const { schemaname, relname } = (fields['relation'] ?? fields) as Record<string, unknown>;
      if (typeof schemaname === 'string' && typeof relname === 'string')
        names.push({ schema: schemaname, name: relname });
    },
  );
  return names;
}

/** Whether what it makes or takes away is found by the search path, which differs between sessions. */
function needsSearchPath(statement: ParsedSql['statements'][number]): boolean {
  return (effectProbes(statement) ?? []).some((probe) => probe.searched);
}

function unqualified({ text }: { text: string }): string {
  return t(
    '"{0}" names something without its schema, and where that is found differs between sessions. Write schema.name.',
    firstLine(text),
  );
}

/** Whether the catalog shows that it is done. */
function tellsItself(statement: ParsedSql['statements'][number]): boolean {
  return (effectProbes(statement) ?? []).some((probe) => probe.decides) && !writesValues(statement);
}

/** Whether a column's values may change where its type does not. */
function writesValues({ node }: ParsedSql['statements'][number]): boolean {
  return (asKind(node, 'AlterTableStmt')?.cmds ?? []).some((command) =>
    Boolean(asKind(asKind(command, 'AlterTableCmd')?.def, 'ColumnDef')?.raw_default),
  );
}

async function refuseDone(steps: readonly RawStep[], { session, signal }: Look): Promise<void> {
  const holds = steps.flatMap((step) => step.holds);
  if (holds.length === 0 || steps.some((step) => step.holds.length === 0)) return;
  const rows = await readOnlyRows(session, `SELECT ${holds.join('\n AND ')} AS holds`, signal).catch(
    (error: unknown) => {
      if (!isStatementFault(error)) throw error;
      return refuse(t('The server does not take a name in it: {0}. Correct it.', serverMessage(error)));
    },
  );
  if (rows[0]?.['holds'] !== true) return;
  throw new SwitchbackError('already-done', t('All of it is there already. There is nothing to do.'));
}

/** What nobody has said yet and the text does not tell. */
function unsaid({ down, proof, irreversible }: RawWish, steps: readonly RawStep[]): string[] {
  const withoutWayBack = steps.filter((step) => step.rollback === null);
  const withoutProof = steps.filter((step) => step.holds.length === 0);
  return [
    ...(down === null && irreversible
      ? []
      : several(
          withoutWayBack,
          down,
          t('how it is taken back (--down), or that it cannot be (--irreversible)'),
        )),
    ...several(withoutProof, proof, t('a condition that is true when it is done (--proof)')),
  ];
}

/** One step can be spoken for; of more than one, each needs a plan of its own. */
function several(steps: readonly RawStep[], said: string | null, needed: string): string[] {
  const [first, ...others] = steps;
  if (!first || (others.length === 0 && said !== null)) return [];
  if (others.length === 0)
    return [t('"{0}" does not tell {1}. Say it.', firstLine(first.statements[0]!), needed)];
  return [
    t(
      '{0} steps of it need {1}, and there is room for one answer: "{2}", "{3}". Plan them one after the other.',
      steps.length,
      needed,
      firstLine(first.statements[0]!),
      firstLine(others[0]!.statements[0]!),
    ),
  ];
}

/** What a statement begins with, without the comments before it. */
export function firstLine(statement: string): string {
  const line =
    statement
      .split('\n')
      .map((each) => each.trim())
      .find((each) => each !== '' && !each.startsWith('--')) ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
