import type { Statement } from '../sql/statement';
import type { ReverseStep } from './reverse-step';

/** Whether a statement of the up makes or drops an index without stopping writes. */
export function isConcurrent({ kind, text }: Statement): boolean {
  return (kind === 'IndexStmt' || kind === 'DropStmt') && /\bconcurrently\b/i.test(text);
}

/**
 * The same for the way back. Only where each statement runs by itself, outside a transaction; `partitioned` are tables on
 * which PostgreSQL does not do it.
 */
export function concurrently(
  statements: readonly ReverseStep['sql'][],
  isPartitioned: (table: string) => boolean,
): string[] {
  const made = new Set(statements.flatMap((sql) => /^CREATE (?:UNLOGGED )?TABLE (\S+)/.exec(sql)?.[1] ?? []));
  return statements.map((sql) => {
    const table =
      /^CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")*"|\S+) ON (?:ONLY )?((?:"(?:[^"]|"")*"|[^\s".]+)(?:\.(?:"(?:[^"]|"")*"|[^\s".]+))?)/.exec(
        sql,
      )?.[1];
    if (table !== undefined)
      return made.has(table) || isPartitioned(table)
        ? sql
        : sql.replace(/^(CREATE (?:UNIQUE )?INDEX) /, '$1 CONCURRENTLY ');
    return sql.replace(/^DROP INDEX /, 'DROP INDEX CONCURRENTLY ');
  });
}
