import { splitStatements } from '../../src/sql/split';

/** Statements of a text the product wrote for a step that refuses a transaction. */
export function splitForTest(sql: string): string[] {
  return splitStatements(sql).map(({ start, end }) => sql.slice(start, end));
}
