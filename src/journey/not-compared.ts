import type { Catalog } from '../catalog/catalog';
import { t } from '../messages/translate';
import { readObjectName, readPart, schemaOf } from '../reverse/object-name';

/** What no comparison of two schemas looks at: roles are of a server, and a shadow has none of them. */
export function notCompared(): string {
  return t(
    'Owners, default privileges and what single roles are granted are not compared, only what everybody (PUBLIC) may do.',
  );
}

/** Indexes of a database that PostgreSQL does not use, in a sentence each. They count as there. */
export function invalidIndexes({ objects }: Catalog, database: string): string[] {
  return Object.entries(objects).flatMap(([key, { parts, properties }]) => {
    const table = readObjectName(key)?.name;
    // That of a partitioned table waits for those of its partitions.
    if (table === undefined || properties['partition key'] !== undefined) return [];
    return Object.entries(parts).flatMap(([part, { valid }]) =>
      valid === 'no'
        ? [
            t(
              'The index {0} of {1} is not valid in {2}: its build failed, and no query uses it. Build it again (REINDEX INDEX CONCURRENTLY), or drop it (drop-index) and compare again.',
              `${schemaOf(table)}.${readPart(part).name}`,
              table,
              database,
            ),
          ]
        : [],
    );
  });
}
