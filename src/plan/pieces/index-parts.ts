import type { IndexPart } from '../../assess/assessment';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { briefly } from './brief-locks';

/**
 * Statements that build an index again as it was, without blocking writes: its parts first, then what joins them. Joined
 * from below: what becomes complete under a whole locks that one last, against the order of everybody who writes.
 */
export function rebuildIndex(parts: readonly IndexPart[]): string[] {
  const joins = [...parts]
    .reverse()
    .flatMap(({ name, parent }) =>
      parent === null
        ? []
        : [`ALTER INDEX ${formatQualifiedName(parent)} ATTACH PARTITION ${formatQualifiedName(name)}`],
    );
  const wholes = parts.filter(({ leaf }) => !leaf).flatMap((part) => inTablespace(part, part.definition));
  return [
    ...parts.filter(({ leaf }) => leaf).flatMap((part) => buildPart(part)),
    ...(wholes.length === 0 ? [] : briefly([...wholes, ...joins])),
    ...parts.flatMap(restorePart),
  ];
}

/** CREATE INDEX CONCURRENTLY by its definition. `name`: another one than it has. */
export function buildPart(part: IndexPart, name = part.name.name): string[] {
  const head = `CREATE ${/^CREATE UNIQUE /.test(part.definition) ? 'UNIQUE ' : ''}INDEX `;
  const behind = part.definition.slice(head.length + indexNameLength(part.definition.slice(head.length)));
  return inTablespace(part, `${head}CONCURRENTLY ${formatIdentifier(name)}${behind}`);
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
