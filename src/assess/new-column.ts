import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { TableFacts, Volatility } from '../catalog/table-facts';
import { parseExpression, type ParsedExpression } from '../sql/expression';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';
import { constantFault, tooLongCondition } from './assigned-value';
import type { NewColumnFacts } from './change-facts';
import type { Look } from './changes/change-type';
import { readDomain } from './domain-facts';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** A column that is to be, and what its rows get. */
export interface NewColumn {
  table: QualifiedName;
  column: string;
  type: string;
  fill: { by: 'default' | 'expression'; expression: string };
}

/**
 * What the server says of a new column's type and value, asked in read-only transactions that are rolled back.
 * Throws `invalid-input` for a type that does not exist or an expression that does not give one.
 */
export async function readNewColumn(
  session: Session,
  parser: SqlParser,
  change: NewColumn,
  table: TableFacts,
  signal: AbortSignal,
): Promise<NewColumnFacts> {
  const type = checkedType(parser, change.type);
  const expression = checkedExpression(parser, change, table);
  const typeFacts = await readType(session, type, signal);
  await checkValue(session, parser, change, table, signal);
  const volatility = await readVolatility(session, expression, change.fill.expression, signal);
  if (change.fill.by === 'default' && volatility !== 'volatile')
    await checkDefault(change, { session, parser, table, signal });
  return {
    type,
    volatility,
    columns: expression.columns,
    schemas: [...new Set([...typeFacts.searchPath, typeFacts.schema])].filter(
      (schema) => schema !== 'pg_catalog',
    ),
    domain: typeFacts.isDomain ? await readDomain(session, type, signal) : null,
    typeHasDefault: typeFacts.isDomain && typeFacts.hasDefault,
  };
}

/** Whether the expression has a value on every row there is now; null when that took too long to find out. */
export async function givesValueEverywhere(change: NewColumn, at: Look): Promise<boolean | null> {
  const { session, signal } = at;
  const { expression } = change.fill;
  const exists = (condition: string): string =>
    `EXISTS (SELECT FROM ${formatQualifiedName(change.table)} WHERE ${condition})`;
  const tooLong = await tooLongCondition(at, expression, change.type);
  try {
    const missing = exists(`((${expression}\n)::${change.type}) IS NOT DISTINCT FROM NULL`);
    const long = tooLong === null ? 'false' : exists(tooLong);
    const rows = await readOnlyRows(session, `SELECT ${missing} AS missing, ${long} AS long`, signal);
    if (rows[0]?.['long'] !== true) return rows[0]?.['missing'] === false;
  } catch (error) {
    if (isSwitchbackError(error) && error.details['sqlstate'] === '57014' && !signal.aborted) return null;
    if (!isSwitchbackError(error, 'database-error')) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The expression {0} fails on a row of {1}: {2}. Change it so that it gives every row a value.',
        change.fill.expression,
        formatQualifiedName(change.table),
        serverMessage(error),
      ),
      { cause: error },
    );
  }
  throw new SwitchbackError(
    'invalid-input',
    t(
      'What {0} gives is too long for {1} on a row of {2}. Make the type longer, or cut the value yourself: ({0})::{1}.',
      expression,
      change.type,
      formatQualifiedName(change.table),
    ),
  );
}

function checkedType(parser: SqlParser, text: string): string {
  const type = text.trim();
  const statements = parser.parse(`SELECT NULL::${type}`).statements;
  const select = asKind(statements[0]?.node, 'SelectStmt');
  const target = asKind(select?.targetList?.[0], 'ResTarget');
  const isType =
    statements.length === 1 && target?.name === undefined && asKind(target?.val, 'TypeCast') !== null;
  if (type === '' || !isType || /--|\/\*/.test(type)) {
    throw new SwitchbackError(
      'invalid-input',
      t('"{0}" is not a type. Write one as SQL does, for example numeric(12,2).', text),
    );
  }
  if (/^(?:small|big)?serial[248]?$/i.test(type)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '"{0}" is a shorthand that rewrites the table. Create a sequence, and use bigint with the default nextval(...).',
        type,
      ),
    );
  }
  return type;
}

function checkedExpression(parser: SqlParser, change: NewColumn, table: TableFacts): ParsedExpression {
  const parsed = parseExpression(parser, change.fill.expression);
  const problem = parsed.problems[0];
  const refuse = (sentence: string): never => {
    throw new SwitchbackError('invalid-input', sentence);
  };
  if (problem)
    refuse(
      t(
        'The value for {0} is no SQL expression that PostgreSQL can read: {1}. Correct it, for example to upper(name).',
        formatIdentifier(change.column),
        change.fill.expression,
      ),
    );
  if (parsed.subquery)
    refuse(
      t(
        'The value for {0} holds a subquery, which a default or a trigger for each row cannot use. Compute it from the row.',
        formatIdentifier(change.column),
      ),
    );
  if (change.fill.by === 'default' && parsed.columns.length > 0) {
    refuse(
      t(
        'A default cannot read the column {0}. Use an expression over the row instead of a default.',
        formatIdentifier(parsed.columns[0]!),
      ),
    );
  }
  const known = table.columns.map((column) => column.name);
  const missing = parsed.columns.find((column) => !known.includes(column));
  if (missing !== undefined) {
    refuse(
      t(
        'There is no column {0} in {1}. Correct the expression.',
        formatIdentifier(missing),
        formatQualifiedName(table.name),
      ),
    );
  }
  return parsed;
}

async function readType(
  session: Session,
  type: string,
  signal: AbortSignal,
): Promise<{ schema: string; isDomain: boolean; hasDefault: boolean; searchPath: string[] }> {
  try {
    const rows = await readOnlyRows(
      session,
      `SELECT n.nspname::text AS schema, t.typtype::text AS kind, t.typdefault IS NOT NULL AS "hasDefault", current_schemas(false)::text[] AS path
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE t.oid = pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid`,
      signal,
    );
    const row = rows[0] as { schema: string; kind: string; hasDefault: boolean; path: string[] } | undefined;
    if (row) {
      const { schema, kind, hasDefault, path: searchPath } = row;
      return { schema, isDomain: kind === 'd', hasDefault, searchPath };
    }
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t('The type {0} cannot be used: {1}. Correct it.', type, serverMessage(error)),
      { cause: error },
    );
  }
  throw new SwitchbackError('invalid-input', t('There is no type {0}. Correct it.', type));
}

/** Lets the server check names and types of the expression without computing it on any row. */
async function checkValue(
  session: Session,
  parser: SqlParser,
  change: NewColumn,
  table: TableFacts,
  signal: AbortSignal,
): Promise<void> {
  const value = `(${change.fill.expression}\n)`;
  const from = change.fill.by === 'default' ? '' : ` FROM ${formatQualifiedName(table.name)}`;
  try {
    await readOnlyRows(session, `SELECT ${value}::${change.type}${from} LIMIT 0`, signal);
    if (isLiteral(parser, change.fill.expression)) return;
    const rows = await readOnlyRows(session, assignability(value, change.type, from), signal);
    const row = rows[0] as { fits: boolean; source: string } | undefined;
    if (row?.fits !== false) return;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value {0} is of type {1}, which does not become {2} by itself. Write the cast: ({0})::{2}.',
        change.fill.expression,
        row.source,
        change.type,
      ),
    );
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value {0} does not give a {1}: {2}. Correct it.',
        change.fill.expression,
        change.type,
        serverMessage(error),
      ),
      { cause: error },
    );
  }
}

/** A default is stored without being tried: it would fail with the first row that leaves the column out. */
async function checkDefault({ type, fill }: NewColumn, at: Look): Promise<void> {
  if (/^\s*null\s*$/i.test(fill.expression)) return;
  const fault = await constantFault(at, fill.expression, type);
  if (fault === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t('The value {0} does not give a {1}: {2}. Correct it.', fill.expression, type, fault),
  );
}

/** Whether the value's type is assigned to the column's without a written cast (https://www.postgresql.org/docs/current/catalog-pg-cast.html). */
function assignability(value: string, type: string, from: string): string {
  return `WITH types AS (
    SELECT pg_catalog.pg_typeof((SELECT ${value}${from} LIMIT 0))::oid AS source, pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid AS target
  ), bases AS (
    SELECT t.source AS declared, coalesce(nullif(s.typbasetype, 0), s.oid) AS source, coalesce(nullif(g.typbasetype, 0), g.oid) AS target,
           s.typelem <> 0 OR g.typelem <> 0 OR s.typtype = 'p' AS undecided, g.typcategory = 'S' AS takes_text
      FROM types t JOIN pg_catalog.pg_type s ON s.oid = t.source JOIN pg_catalog.pg_type g ON g.oid = t.target
  )
  SELECT format_type(declared, NULL) AS source,
         source = target OR undecided OR takes_text OR EXISTS (
           SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = bases.source AND c.casttarget = bases.target AND c.castcontext IN ('a', 'i')
         ) AS fits
    FROM bases`;
}

function isLiteral(parser: SqlParser, expression: string): boolean {
  const select = asKind(parser.parse(`SELECT ${expression}`).statements[0]?.node, 'SelectStmt');
  return asKind(asKind(select?.targetList?.[0], 'ResTarget')?.val, 'A_Const') !== null;
}

async function readVolatility(
  session: Session,
  expression: ParsedExpression,
  text: string,
  signal: AbortSignal,
): Promise<Volatility> {
  const names = expression.functions.map((each) => each.name);
  const schemas = expression.functions.map((each) => each.schema);
  const { rows } = await session.query<{ worst: string | null }>(
    `SELECT max(CASE p.provolatile WHEN 'v' THEN '2' WHEN 's' THEN '1' ELSE '0' END) AS worst
       FROM unnest($1::text[], $2::text[]) AS called(name, schema)
       JOIN pg_catalog.pg_proc p ON p.proname = called.name
       JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE CASE WHEN called.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END`,
    [names, schemas],
    { signal },
  );
  if (rows[0]?.worst === '2') return 'volatile';
  const timed = /\b(?:current_\w+|localtime(?:stamp)?|session_user|user)\b/i.test(text);
  return rows[0]?.worst === '1' || timed ? 'stable' : 'immutable';
}

/** What a table is before it gets the column. */
export function withoutColumn({ name, columns }: TableFacts, column: string): string {
  const words = [formatQualifiedName(name), formatIdentifier(column)] as const;
  return columns.length === 1
    ? t('The table {0} has 1 column and no column {1}.', ...words)
    : t('The table {0} has {2} columns and no column {1}.', ...words, columns.length);
}
