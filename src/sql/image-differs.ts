/**
 * True where two columns differ, for every type: records are compared by their image, so types without an
 * equality operator (json, xml, point) work and NULL equals NULL.
 * https://www.postgresql.org/docs/current/functions-comparisons.html#COMPOSITE-TYPE-COMPARISON
 */
export function imageDiffers(left: string, right: string): string {
  // Without the casts PostgreSQL would compare the two rows column by column, with the column type's own operator.
  return `ROW(${left})::record OPERATOR(pg_catalog.*<>) ROW(${right})::record`;
}
