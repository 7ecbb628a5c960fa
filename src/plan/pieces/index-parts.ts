import type { IndexPart } from '../../assess/change-facts';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';

/** CREATE INDEX CONCURRENTLY by its definition. `name`: another one than it has. */
export function buildPart({ definition, tablespace }: IndexPart, name: string): string {
  const head = `CREATE ${/^CREATE UNIQUE /.test(definition) ? 'UNIQUE ' : ''}INDEX `;
  const behind = definition.slice(head.length + indexNameLength(definition.slice(head.length)));
  const built = `${head}CONCURRENTLY ${formatIdentifier(name)}${behind}`;
  return withTablespace(built, tablespace);
}

/** The definition of an index with its tablespace; null: that of the database. */
export function withTablespace(definition: string, tablespace: string | null): string {
  if (tablespace === null) return definition;
  const end = conditionStart(definition);
  return `${definition.slice(0, end)} TABLESPACE ${formatIdentifier(tablespace)}${definition.slice(end)}`;
}

/** Where WHERE begins in a definition of the server, which leaves the tablespace out; its end where there is none. */
function conditionStart(definition: string): number {
  let depth = 0;
  for (const { 0: token, index } of definition.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[()]| WHERE /g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (token === ' WHERE ' && depth === 0) return index;
  }
  return definition.length;
}

/** How many characters the name takes that a definition of the server has there. */
function indexNameLength(text: string): number {
  return /^(?:"(?:[^"]|"")*"|[^\s"]+)/.exec(text)![0].length;
}

/** A definition leaves the tablespace out. */
export function inTablespace({ tablespace }: IndexPart, statement: string): string[] {
  if (tablespace === null) return [statement];
  return [`SET default_tablespace = ${formatIdentifier(tablespace)}`, statement, 'RESET default_tablespace'];
}

/** What a definition says nothing about: comment, statistics targets, and that the table is clustered by it. */
export function restorePart({ name, table, comment, statistics, clustered }: IndexPart): string[] {
  const index = formatQualifiedName(name);
  return [
    ...(comment === null ? [] : [`COMMENT ON INDEX ${index} IS ${quoteLiteral(comment)}`]),
    ...statistics.map(
      ({ column, target }) => `ALTER INDEX ${index} ALTER COLUMN ${column} SET STATISTICS ${target}`,
    ),
    ...(clustered
      ? [`ALTER TABLE ${formatQualifiedName(table)} CLUSTER ON ${formatIdentifier(name.name)}`]
      : []),
  ];
}
