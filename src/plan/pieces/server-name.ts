import { clipIdentifier, maximumIdentifierBytes } from '../../sql/identifier';

/**
 * The name PostgreSQL itself would give: `table_column_label`, the longer of the first two cut where it is too long,
 * numbered until it is free. Another way to the same: makeObjectName and ChooseRelationName of its sources.
 */
export function serverName(
  table: string,
  addition: string | null,
  label: string,
  taken: ReadonlySet<string>,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = cutName(table, addition, pass === 0 ? label : `${label}${pass}`);
    if (!taken.has(name)) return name;
  }
}

function cutName(table: string, addition: string | null, label: string): string {
  let first = Buffer.byteLength(table);
  let second = addition === null ? 0 : Buffer.byteLength(addition);
  const room = maximumIdentifierBytes - Buffer.byteLength(label) - (addition === null ? 1 : 2);
  while (first + second > room) {
    if (first > second) first -= 1;
    else second -= 1;
  }
  const parts = [clipIdentifier(table, first)];
  if (addition !== null) parts.push(clipIdentifier(addition, second));
  return [...parts, label].join('_');
}
