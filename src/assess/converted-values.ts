import type { TableFacts } from '../catalog/table-facts';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { isCut, uncut } from './cut-by-cast';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { duplicatesQuery, rowsInTheWay } from './rows-in-the-way';

/** The values of a column as they will be. */
export interface Conversion {
  column: string;
  /** SQL over the row: the new value, not yet cut to what the type holds. */
  forward: string;
  /** As the server spells it. */
  type: string;
  /** Its base type, where it is a domain. */
  base: string;
}

/** What stops the values of the rows that are there from becoming those of the new type. */
export async function conversionBlockers(conversion: Conversion, at: Look): Promise<string[]> {
  const fault = await conversionFault(at, conversion.forward);
  if (fault !== null)
    return [
      t(
        'Some rows of {0} have no value of the new type: {1}. Correct them, or say with --using what they become.',
        formatQualifiedName(at.table.name),
        fault,
      ),
    ];
  const tooLong = await tooLongBlockers(conversion, at);
  return tooLong.length > 0 ? tooLong : await collisionBlockers(conversion, at);
}

/** What a trigger for each row cannot read. */
export function generatedBlockers(table: TableFacts, read: readonly string[]): string[] {
  const generated = table.columns.filter(({ name, generated }) => generated !== null && read.includes(name));
  if (generated.length === 0) return [];
  return [
    t(
      'The expression reads the generated column {0}, which has no value yet when a trigger runs. Write out what it is computed from.',
      generated.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}

/** What the server says where a row has no value of the new type; null where all have, or where it took too long. */
async function conversionFault({ session, table, signal }: Look, forward: string): Promise<string | null> {
  try {
    await readOnlyRows(
      session,
      `SELECT count(*) FROM ${formatQualifiedName(table.name)} WHERE (${forward}) IS NOT DISTINCT FROM NULL`,
      signal,
    );
    return null;
  } catch (error) {
    if (isStatementFault(error)) return serverMessage(error);
    if (isSwitchbackError(error) && error.details['sqlstate'] === '57014' && !signal.aborted) return null;
    throw error;
  }
}

async function tooLongBlockers(
  { forward, type, base }: Conversion,
  { session, table, signal }: Look,
): Promise<string[]> {
  if (uncut(base) === base) return [];
  const query =
    `SELECT *, (${forward}) AS too_long FROM ${formatQualifiedName(table.name)} ` +
    `WHERE ${isCut(forward, type)}`;
  const found = await rowsInTheWay(session, query, table.name, signal);
  return found.map(
    (sentence) =>
      `${t('Some values are not of the length of {0}, and would be cut. Say with --using what they become, or change them.', type)} ${sentence}`,
  );
}

interface UniqueIndex {
  name: string;
  /** What it keeps unique; null for the column itself. */
  keys: (string | null)[];
  predicate: string | null;
}

/** Values that differ now and will not then, which no unique index takes. */
async function collisionBlockers({ column, forward, type }: Conversion, at: Look): Promise<string[]> {
  const { session, table, signal } = at;
  const { rows } = await session.query<UniqueIndex>(
    uniqueIndexQuery,
    [formatQualifiedName(table.name), column],
    { signal },
  );
  const blockers: string[] = [];
  for (const { name, keys, predicate } of rows) {
    const query = duplicatesQuery(
      table,
      keys.map((key) => key ?? `(${forward})::${type}`),
      predicate,
    );
    try {
      const found = await rowsInTheWay(session, query, table.name, signal);
      blockers.push(
        ...found.map(
          (sentence) =>
            `${t('Values that differ now are the same as {0}, and the unique index {1} has to take them.', type, formatIdentifier(name))} ${sentence}`,
        ),
      );
    } catch (error) {
      if (!isStatementFault(error)) throw error;
      blockers.push(
        t(
          'The unique index {0} cannot be built for {1}: {2}. Drop it first.',
          formatIdentifier(name),
          type,
          serverMessage(error),
        ),
      );
    }
  }
  return blockers;
}

const uniqueIndexQuery = `
  SELECT c.relname::text AS name, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
         ARRAY(SELECT CASE WHEN k.attnum IS DISTINCT FROM a.attnum THEN pg_catalog.pg_get_indexdef(i.indexrelid, k.place::int, false) END
                 FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
                WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS keys
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attname = $2 AND NOT a.attisdropped
   WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisunique AND i.indisvalid AND NOT i.indisprimary
     AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
   ORDER BY c.relname`;
