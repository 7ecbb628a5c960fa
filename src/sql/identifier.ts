import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/** NAMEDATALEN - 1: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const maximumIdentifierBytes = 63;

/** An SQL identifier, always in double quotes. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL identifier, quoted only where PostgreSQL needs it. Reserved words are quoted. */
export function formatIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name) ? name : quoteIdentifier(name);
}

/** An SQL string literal; an E'' literal when it holds a backslash. */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Schema and name of a relation, type or routine. */
export interface QualifiedName {
  schema: string;
  name: string;
}

/** `schema.name`, each part quoted where needed. */
export function formatQualifiedName(name: QualifiedName): string {
  return `${formatIdentifier(name.schema)}.${formatIdentifier(name.name)}`;
}

/** Throws `invalid-name` for a name PostgreSQL would refuse or cut: empty, with NUL, or over 63 bytes. */
export function assertIdentifier(name: string): void {
  if (name === '' || name.includes('\0')) {
    throw new SwitchbackError('invalid-name', t('A name must not be empty. Type a name for it.'));
  }
  const bytes = Buffer.byteLength(name, 'utf8');
  if (bytes > maximumIdentifierBytes) {
    throw new SwitchbackError(
      'invalid-name',
      t(
        'The name "{0}" has {1} bytes and PostgreSQL keeps only {2}. Choose a shorter one.',
        name,
        bytes,
        maximumIdentifierBytes,
      ),
    );
  }
}

/** `name` cut to at most `bytes` UTF-8 bytes at a character boundary, as PostgreSQL cuts. */
export function clipIdentifier(name: string, bytes: number = maximumIdentifierBytes): string {
  if (Buffer.byteLength(name, 'utf8') <= bytes) return name;
  let clipped = '';
  let used = 0;
  for (const character of name) {
    used += Buffer.byteLength(character, 'utf8');
    if (used > bytes) break;
    clipped += character;
  }
  return clipped;
}

/** Reads `name`, `"Na.me"` or `schema.name` as PostgreSQL would; throws `invalid-name`. */
export function parseQualifiedName(text: string, defaultSchema = 'public'): QualifiedName {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*(\.|$)/uy;
  let end = false;
  while (!end) {
    const match = pattern.exec(text);
    if (!match) break;
    parts.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2]!.toLowerCase());
    end = match[3] === '';
  }
  if (!end || parts.length > 2) {
    throw new SwitchbackError(
      'invalid-name',
      t('"{0}" is not a name. Write schema.name, with double quotes where needed.', text),
    );
  }
  parts.forEach(assertIdentifier);
  return parts.length === 2
    ? { schema: parts[0]!, name: parts[1]! }
    : { schema: defaultSchema, name: parts[0]! };
}

/** Reads `a, "B c"` as PostgreSQL would read a list of columns; throws `invalid-name`. */
export function parseIdentifierList(text: string): string[] {
  return text
    .match(/(?:"(?:[^"]|"")*"|[^",])+|,/g)!
    .filter((part) => part !== ',')
    .map((part) => parseQualifiedName(part).name);
}

/** Reserved and type/function-name keywords: https://www.postgresql.org/docs/current/sql-keywords-appendix.html */
const reservedWords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
  json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
  lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
  notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary
  real references returning right row select session_user setof similar smallint some substring symmetric
  system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar
  variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse
  xmlpi xmlroot xmlserialize xmltable`.split(/\s+/),
);
