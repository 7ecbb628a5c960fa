/** Statements of a text the product wrote for a step that refuses a transaction: each ends with ";" at a line's end. */
export function splitForTest(sql: string): string[] {
  return sql
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
