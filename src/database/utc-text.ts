/** SQL that gives a timestamptz expression as ISO 8601 in UTC with ms, whatever DateStyle and TimeZone are. */
export function utcText(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
