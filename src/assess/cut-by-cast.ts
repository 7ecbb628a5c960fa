/**
 * A type without the length that a written cast cuts values to; an assignment refuses such values. Other types stay as
 * they are. https://www.postgresql.org/docs/current/datatype-character.html
 */
export function uncut(type: string): string {
  return type
    .replace(/^character varying\(\d+\)/, 'character varying')
    .replace(/^character\(\d+\)/, 'pg_catalog.bpchar')
    .replace(/^bit varying\(\d+\)/, 'bit varying')
    .replace(/^bit\(\d+\)/, 'pg_catalog."bit"');
}

/** SQL that is true where a value is too long for the type. Spaces at the end count for nothing in an assignment. */
export function isCut(value: string, type: string): string {
  const trimmed = (sql: string): string => `pg_catalog.rtrim((${sql})::text)`;
  return `${trimmed(value)} IS DISTINCT FROM ${trimmed(`(${value})::${type}`)}`;
}
