import { columnOf } from '../catalog/read-table-facts';
import { SwitchbackError, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { readKnownSchema } from '../safety/read-known-schema';
import { forecastStatements } from '../safety/forecast/forecast-statements';
import { parseExpression } from '../sql/expression';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import { imageDiffers } from '../sql/image-differs';
import type { ChangeFindings } from './change-facts';
import { canonicalType } from './canonical-type';
import { conversionBlockers, generatedBlockers } from './converted-values';
import { uncut } from './cut-by-cast';
import type { Look } from './changes/change-type';
import { readNewColumn } from './new-column';
import { ownPartsBlockers } from './own-parts-of-partitions';
import { foreignPartitionBlockers, readIndexSurroundings } from './partition-tree';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { readCast, varyingBlocker } from './session-cast';
import { subscribedRowsBlockers } from './subscribed-rows';

/** What decides how a column's type can be changed. */
export interface TypeChangeFacts {
  /** The new type as the server spells it. */
  type: string;
  /** Whether the rows stay as they are stored, so that only the catalog changes. */
  inPlace: boolean;
  /** SQL over the row: the new value. */
  forward: string;
  /** SQL over the row in which the column has its new type: the old value. */
  back: string;
  /** Rows that do not come back the same; null where that took too long to find out. */
  lossyRows: number | null;
  /** Whether every value of the old type is one of the new one, so that none can be lost by a cast. */
  widening: boolean;
  /** Whether the new type takes a collation. */
  collatable: boolean;
  /** Schemas the two expressions need besides pg_catalog. */
  schemas: string[];
}

export interface TypeChange {
  column: string;
  type: string;
  /** null: a cast. */
  using: string | null;
  back: string | null;
}

/** Lets the server say whether every value has one of the new type, and whether it comes back. */
export async function readTypeChange(change: TypeChange, at: Look): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const old = columnOf(table, change.column);
  const column = formatIdentifier(change.column);
  const expression = change.using ?? `CAST(${column} AS ${change.type})`;
  const facts = await readNewColumn(
    session,
    parser,
    { table: table.name, ...change, fill: { by: 'expression', expression } },
    table,
    signal,
  );
  const type = await canonicalType(session, parser, facts.type, signal);
  const known = await readCast(session, old.type, type, signal);
  // What is too long is refused by the assignment then, as ALTER TYPE refuses it.
  const forward = change.using ?? `CAST(${column} AS ${castType(known.bases.from, known.bases.to, type)})`;
  const back = change.back ?? `CAST(${column} AS ${castType(known.bases.to, known.bases.from, old.type)})`;
  const inPlace = change.using === null && (await isInPlace(at, change.column, type));
  const surroundings = await readIndexSurroundings(at);
  const converted = { column: change.column, forward, type, base: known.bases.to };
  const unconverted = await conversionBlockers(converted, at);
  const blockers: string[] = [];
  if (change.using === null ? known.varies : await callsVarying(at, forward))
    blockers.push(varyingBlocker(expression, change.column, known));
  blockers.push(...unconverted);
  if (!inPlace) {
    const read = [...facts.columns, ...parseExpression(parser, back).columns];
    blockers.push(...generatedBlockers(table, read));
    blockers.push(...(await ownPartsBlockers(change.column, at)));
    blockers.push(...foreignPartitionBlockers(surroundings.partitions ?? []));
    blockers.push(...(await subscribedRowsBlockers(at)));
  }
  return {
    ...surroundings,
    blockers,
    newColumn: facts,
    typeChange: {
      type,
      inPlace,
      forward,
      back,
      lossyRows: unconverted.length === 0 ? await lossyRows(at, change.column, forward, back, type) : null,
      widening:
        change.using === null && change.back === null && known.widening && !known.bases.to.includes('('),
      collatable: known.collatable,
      schemas: facts.schemas,
    },
  };
}

/** The type to write in a cast, so that an assignment to the wanted one still tells what it does not hold. */
function castType(from: string, base: string, type: string): string {
  // Into bit strings only from others: what an integer becomes depends on the length.
  if (/^bit\b/.test(base) && !/^bit\b/.test(from)) return type;
  return uncut(base) === base ? type : uncut(base);
}

/** Whether PostgreSQL keeps the rows: from the rules of ATColumnChangeRequiresRewrite, with this database's catalog. */
async function isInPlace(
  { session, parser, table, signal }: Look,
  column: string,
  type: string,
): Promise<boolean> {
  const schema = await readKnownSchema(session, parser, { relations: [table.name], signal });
  const sql = `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${formatIdentifier(column)} TYPE ${type}`;
  const [forecast] = forecastStatements({
    statements: parser.parse(sql).statements,
    direction: 'up',
    // Which time zone the session that runs it will have is not known.
    schema: { ...schema, utc: null },
    transaction: 'wrapped',
    serverMajor: session.facts.major,
  });
  return forecast?.work === 'catalog' || forecast?.work === 'none';
}

/** Whether it calls a function of which no form gives the same result always. */
async function callsVarying({ session, parser, signal }: Look, expression: string): Promise<boolean> {
  const { functions } = parseExpression(parser, expression);
  const timed = /\b(?:current_\w+|localtime(?:stamp)?|session_user|user)\b/i.test(expression);
  const { rows } = await session.query(
    `SELECT FROM unnest($1::text[], $2::text[]) AS called(name, schema)
       JOIN pg_catalog.pg_proc p ON p.proname = called.name
       JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE CASE WHEN called.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END
      GROUP BY called.name, called.schema HAVING bool_and(p.provolatile <> 'i')`,
    [functions.map(({ name }) => name), functions.map(({ schema }) => schema)],
    { signal },
  );
  return timed || rows.length > 0;
}

async function lossyRows(
  { session, table, signal }: Look,
  column: string,
  forward: string,
  back: string,
  type: string,
): Promise<number | null> {
  const name = formatIdentifier(column);
  const others = table.columns
    .filter((each) => each.name !== column)
    .map((each) => formatIdentifier(each.name));
  const old = `switchback_old_value`;
  const converted = [...others, `(${forward})::${type} AS ${name}`, `${name} AS ${old}`].join(', ');
  try {
    const rows = await readOnlyRows(
      session,
      `SELECT count(*)::text AS lossy FROM (SELECT ${converted} FROM ${formatQualifiedName(table.name)}) AS ${formatIdentifier(table.name.name)}
        WHERE ${imageDiffers(`(${back})::${columnOf(table, column).type}`, old)}`,
      signal,
    );
    return Number(rows[0]?.['lossy']);
  } catch (error) {
    if (isSwitchbackError(error) && error.details['sqlstate'] === '57014' && !signal.aborted) return null;
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The way back from {0}, {1}, fails: {2}. Say with --back how the old value comes from the new one.',
        type,
        back,
        serverMessage(error),
      ),
      { cause: error },
    );
  }
}
