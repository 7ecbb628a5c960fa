import { columnOf } from '../catalog/read-table-facts';
import { SwitchbackError, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseExpression } from '../sql/expression';
import { freeName } from '../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { imageDiffers } from '../sql/image-differs';
import type { ChangeFindings, DomainFacts } from './change-facts';
import { canonicalType } from './canonical-type';
import type { Look } from './changes/change-type';
import { namesOf, type ColumnReplacement } from './column-replacement';
import { readNewColumn } from './new-column';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { rowsInTheWay } from './rows-in-the-way';
import { writerRightsBlockers } from './writer-rights';

/** What the server says of columns that take the place of others. */
export interface ColumnReplacementFacts {
  /** Types of the new columns as the server spells them, in their order. */
  types: string[];
  /** Columns the expressions read beside the old ones. */
  others: string[];
  /** Schemas the expressions need besides pg_catalog. */
  schemas: string[];
  /** Types of new columns that are domains with constraints. */
  domains: { type: string; domain: DomainFacts }[];
}

/** Lets the server say whether every row has the new values, and whether the old ones come back from them. */
export async function readColumnReplacement(
  replacement: ColumnReplacement,
  at: Look,
): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const facts: ColumnReplacementFacts = { types: [], others: [], schemas: [], domains: [] };
  const blockers: string[] = [];
  for (const { column, type, expression } of replacement.new) {
    const fill = { by: 'expression' as const, expression };
    const known = await readNewColumn(
      session,
      parser,
      { table: table.name, column, type, fill },
      table,
      signal,
    );
    if (await isVarying(at, expression)) blockers.push(varyingBlocker(expression));
    facts.types.push(await canonicalType(session, parser, known.type, signal));
    facts.others.push(
      ...known.columns.filter(
        (name) => replacement.old.every((each) => each.column !== name) && !facts.others.includes(name),
      ),
    );
    facts.schemas.push(...known.schemas.filter((schema) => !facts.schemas.includes(schema)));
    if (known.typeHasDefault === true) blockers.push(typeDefaultBlocker(column, known.type));
    if (known.domain !== null) facts.domains.push({ type: known.type, domain: known.domain });
  }
  if (replacement.old.some(({ back }) => back !== null)) refuseOthers(facts.others);
  const computed = [
    ...replacement.new.map(({ expression }) => expression),
    ...replacement.old.flatMap(({ back }) => back ?? []),
  ];
  blockers.push(
    ...(await writerRightsBlockers({ expressions: computed, types: facts.types, by: 'trigger' }, at)),
  );
  const fault = await faultOnRows(replacement, facts, at);
  if (fault !== null) blockers.push(faultBlocker(fault, at));
  else
    blockers.push(
      ...(await shortBlockers(replacement, facts, at)),
      ...(await lostRows(replacement, facts, at)),
    );
  return { blockers, columnReplacement: facts };
}

/** Every row would have the domain's default at once, which looks like a value that somebody has given. */
function typeDefaultBlocker(column: string, type: string): string {
  return t(
    'The domain {0} has a default, which would stand in every row of {1}. Give {1} the type below the domain.',
    type,
    formatIdentifier(column),
  );
}

/** now() is STABLE, as much is that gives the same result always. Some functions are VOLATILE in a rare form alone. */
async function isVarying({ session, parser, signal }: Look, expression: string): Promise<boolean> {
  const timed = new Set(['now', 'transaction_timestamp', 'current_setting']);
  const { functions } = parseExpression(parser, expression);
  if (functions.some(({ name }) => timed.has(name))) return true;
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, '');
  if (/\b(?:current_\w+|localtime(?:stamp)?|session_user|user)\b/i.test(bare)) return true;
  const { rows } = await session.query(
    `SELECT FROM unnest($1::text[], $2::text[]) AS called(name, schema)
       JOIN pg_catalog.pg_proc p ON p.proname = called.name
       JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE CASE WHEN called.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END
      GROUP BY called.name, called.schema HAVING bool_and(p.provolatile = 'v')`,
    [functions.map(({ name }) => name), functions.map(({ schema }) => schema)],
    { signal },
  );
  return rows.length > 0;
}

/** The trigger would compute from a column that changes by itself, over what new code has written. */
function refuseOthers(others: readonly string[]): void {
  if (others[0] === undefined) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The expression reads {0}, which stays. Compute the new columns from those alone whose place they take.',
      formatIdentifier(others[0]),
    ),
  );
}

function varyingBlocker(expression: string): string {
  return t(
    'What {0} gives is another value each time, or in each session, so that a row could not be proved to have it. Use one that gives the same for the same row.',
    expression,
  );
}

function faultBlocker(fault: string, { table }: Look): string {
  return t(
    'The expressions fail on a row of {0}: {1}. Correct the row, or the expression.',
    formatQualifiedName(table.name),
    fault,
  );
}

/** What the server says where a row has no new value; null where all have, or where it took too long. */
async function faultOnRows(
  replacement: ColumnReplacement,
  facts: ColumnReplacementFacts,
  { session, table, signal }: Look,
): Promise<string | null> {
  const values = replacement.new.map(
    ({ expression }, index) => `count((${expression})::${facts.types[index]!})`,
  );
  const sql = `SELECT ${values.join(', ')} FROM ${formatQualifiedName(table.name)}`;
  try {
    await readOnlyRows(session, sql, signal);
    return null;
  } catch (error) {
    if (isStatementFault(error) || isSqlState(error, /^23/)) return serverMessage(error as SwitchbackError);
    if (isSqlState(error, /^57014$/) && !signal.aborted) return null;
    throw error;
  }
}

function isSqlState(error: unknown, states: RegExp): boolean {
  return isSwitchbackError(error) && states.test(String(error.details['sqlstate'] ?? ''));
}

/** Written casts cut what is too long, assignments refuse it. */
async function shortBlockers(
  replacement: ColumnReplacement,
  facts: ColumnReplacementFacts,
  { session, table, signal }: Look,
): Promise<string[]> {
  const blockers: string[] = [];
  for (const [index, { expression }] of replacement.new.entries()) {
    const length = /^character(?: varying)?\((\d+)\)$/.exec(facts.types[index]!)?.[1];
    if (length === undefined) continue;
    const query =
      `SELECT *, (${expression}) AS too_long FROM ${formatQualifiedName(table.name)} ` +
      `WHERE length((${expression})::text) > ${length}`;
    blockers.push(...(await rowsInTheWay(session, query, table.name, signal)));
  }
  return blockers;
}

/** Rows whose old values do not come back from the new ones: in the end they would be lost. */
async function lostRows(
  replacement: ColumnReplacement,
  facts: ColumnReplacementFacts,
  { session, parser, table, signal }: Look,
): Promise<string[]> {
  const returning = replacement.old.flatMap(({ column, back }) => (back === null ? [] : [{ column, back }]));
  if (returning.length === 0) return [];
  const added = replacement.new.map(({ column }) => column);
  for (const { back } of returning) checkBack(back, added, parser);
  const taken = new Set([...table.columns.map(({ name }) => name), ...added]);
  const kept = returning.map(({ column }, index) => {
    const name = freeName('switchback_old', `_${index + 1}`, taken);
    return { name, sql: `${quoteIdentifier(column)} AS ${name}` };
  });
  const values = replacement.new.map(
    ({ column, expression }, index) =>
      `(${expression})::${facts.types[index]!} AS ${quoteIdentifier(column)}`,
  );
  const differs = returning.map(({ column, back }, index) =>
    imageDiffers(`(${back})::${columnOf(table, column).type}`, kept[index]!.name),
  );
  const query =
    `SELECT * FROM (SELECT ${[...kept.map((each) => each.sql), ...values].join(', ')} ` +
    `FROM ${formatQualifiedName(table.name)}) AS ${quoteIdentifier(table.name.name)} WHERE ${differs.join(' OR ')}`;
  try {
    const found = await rowsInTheWay(session, query, table.name, signal);
    if (found.length === 0) return [];
    return [
      `${t('Some values do not come back from the new columns, and would be lost with {0}.', namesOf(replacement.old))} ${found.join(' ')}`,
    ];
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    const backs = returning.map(({ back }) => back).join(', ');
    throw new SwitchbackError(
      'invalid-input',
      t('The way back, {0}, fails: {1}. Correct it.', backs, serverMessage(error)),
      { cause: error },
    );
  }
}

function checkBack(back: string, added: readonly string[], parser: Look['parser']): void {
  const parsed = parseExpression(parser, back);
  const problem = parsed.problems[0];
  const refuse = (sentence: string): never => {
    throw new SwitchbackError('invalid-input', sentence);
  };
  if (problem) refuse(t('{0} is no SQL expression: {1} Correct it.', back, problem.message));
  if (parsed.subquery) refuse(t('{0} holds a subquery. Compute it from the new columns alone.', back));
  const foreign = parsed.columns.find((column) => !added.includes(column));
  if (foreign === undefined) return;
  refuse(
    t(
      'The way back, {0}, reads {1}. Compute it from the new columns alone: {2}.',
      back,
      formatIdentifier(foreign),
      added.map((column) => formatIdentifier(column)).join(', '),
    ),
  );
}
