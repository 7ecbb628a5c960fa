import type { Catalog } from '../../catalog/catalog';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { SchemaChange } from './changes-between';

/** Columns that refer to a key that is widened are widened with it, by the same recipe. */
export function withWidenedKeys(changes: readonly SchemaChange[], from: Catalog): SchemaChange[] {
  const gone = new Set<SchemaChange>();
  const widened = changes.map((item): SchemaChange => {
    const { change } = item;
    if (change.kind !== 'widen-key') return item;
    const referring = changes.filter(
      (other) =>
        other.change.kind === 'change-column-type' &&
        other.change.type === change.type &&
        refersTo(
          from,
          formatQualifiedName(other.change.table),
          formatIdentifier(other.change.column),
          formatQualifiedName(change.table),
        ),
    );
    for (const other of referring) gone.add(other);
    return { change, statements: [item, ...referring].flatMap(({ statements }) => statements) };
  });
  return widened.filter((_, index) => !gone.has(changes[index]!));
}

function refersTo({ objects }: Catalog, table: string, column: string, key: string): boolean {
  return Object.values(objects[`table ${table}`]?.parts ?? {}).some(({ definition }) =>
    definition?.startsWith(`FOREIGN KEY (${column}) REFERENCES ${key}(`),
  );
}
