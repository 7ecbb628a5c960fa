import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import { quoteIdentifier } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { StatementLoad } from './load-facts';
import type { LoadedTable } from './read-table-load';
import { useByStatement } from './use-by-statement';

/** As many are shown: the heaviest first. */
const shownStatements = 20;

/** As many of those whose text has the name are read. */
const readStatements = 500;

interface Row {
  query: string;
  calls: string;
  mean: number;
  total: number;
}

/**
 * The statements that name the table, heaviest first; null where pg_stat_statements is not there or may not be read.
 * https://www.postgresql.org/docs/current/pgstatstatements.html
 */
export async function readStatementLoad(
  session: Session,
  parser: SqlParser,
  table: LoadedTable,
  signal: AbortSignal,
): Promise<StatementLoad[] | null> {
  const { rows: found } = await session.query<{ schema: string }>(
    `SELECT n.nspname::text AS schema FROM pg_catalog.pg_extension e
       JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`,
    [],
    { signal },
  );
  if (!found[0]) return null;
  // Called total_time before PostgreSQL 13.
  const time = session.facts.major >= 13 ? 'exec_time' : 'time';
  try {
    const { rows } = await session.query<Row>(
      `SELECT s.query, s.calls::text AS calls, s.mean_${time}::float8 AS mean, s.total_${time}::float8 AS total
         FROM ${quoteIdentifier(found[0].schema)}.pg_stat_statements s
        WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
          AND strpos(lower(s.query), lower($1)) > 0
        ORDER BY s.total_${time} DESC LIMIT ${readStatements}`,
      [table.name.name],
      { signal },
    );
    return statementLoad(rows, parser, table);
  } catch (error) {
    if (isSwitchbackError(error, 'no-privilege') || isNotLoaded(error)) return null;
    throw error;
  }
}

/** The extension is there, and the server did not load it: `object_not_in_prerequisite_state`. */
function isNotLoaded(error: unknown): boolean {
  return isSwitchbackError(error) && error.details['sqlstate'] === '55000';
}

/** Of those whose text has the table's name the ones that use it. */
export function statementLoad(rows: readonly Row[], parser: SqlParser, table: LoadedTable): StatementLoad[] {
  return rows
    .flatMap(({ query, calls, mean, total }): StatementLoad[] => {
      const use = useByStatement(query, parser, table);
      if (use === null) return [];
      return [
        {
          text: query.replace(/\s+/g, ' ').trim(),
          calls: Number(calls),
          meanMilliseconds: mean,
          totalMilliseconds: total,
          ...use,
        },
      ];
    })
    .slice(0, shownStatements);
}
