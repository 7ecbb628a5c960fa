import { propertyOf, type Catalog } from '../../catalog/catalog';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { SingleChange } from '../change';
import type { SchemaChange } from './changes-between';

type ColumnChange = Extract<SingleChange, { column: string }>;

/**
 * Statements that only go together are one change: a type's recipe carries the default over, and a required column whose
 * default goes at once has no default of its own, only a value that a person has to give.
 */
export function withoutTwins(changes: readonly SchemaChange[], from: Catalog, to: Catalog): SchemaChange[] {
  const kept: SchemaChange[] = [];
  const before: { column: ColumnChange; statements: string[] }[] = [];
  for (const item of changes) {
    const { change } = item;
    if (change.kind === 'drop-default' || change.kind === 'set-default') {
      const twin = kept.findLast((each) => goesWith(change, each.change, from, to));
      if (twin) {
        twin.change = joined(twin.change, change.kind);
        twin.statements.push(...item.statements);
        continue;
      }
      if (change.kind === 'drop-default' && changes.some((each) => goesWith(change, each.change, from, to))) {
        before.push({ column: change, statements: item.statements });
        continue;
      }
    }
    const earlier =
      change.kind === 'change-column-type' ? before.filter(({ column }) => isSameColumn(column, change)) : [];
    kept.push({
      change: withoutCast(change),
      statements: [...earlier.flatMap(({ statements }) => statements), ...item.statements],
    });
  }
  return kept;
}

/** Whether a change of a default is a part of another change of its column. */
function goesWith(
  change: Extract<SingleChange, { kind: 'drop-default' | 'set-default' }>,
  other: SingleChange,
  from: Catalog,
  to: Catalog,
): boolean {
  if (!('column' in other) || !isSameColumn(change, other as ColumnChange)) return false;
  if (change.kind === 'set-default')
    return other.kind === 'change-column-type' && isSameDefault(from, to, change);
  return (
    other.kind === 'add-required-column' ||
    (other.kind === 'change-column-type' && defaultOf(to, change) !== null)
  );
}

/** A required column with a default that goes at once: only a person knows the value. */
function joined(change: SingleChange, twin: 'drop-default' | 'set-default'): SingleChange {
  if (change.kind !== 'add-required-column' || twin !== 'drop-default') return change;
  return { ...change, fill: { by: 'expression', expression: '' }, keepDefault: false };
}

/** USING that only says what PostgreSQL does without it. */
function withoutCast(change: SingleChange): SingleChange {
  if (change.kind !== 'change-column-type') return change;
  const isPlain = change.using === `${formatIdentifier(change.column)}::${change.type}`;
  return isPlain ? { ...change, using: null } : change;
}

function isSameColumn(one: ColumnChange, other: ColumnChange): boolean {
  return one.column === other.column && formatQualifiedName(one.table) === formatQualifiedName(other.table);
}

function defaultOf(catalog: Catalog, { table, column }: ColumnChange): string | null {
  return propertyOf(
    catalog,
    `table ${formatQualifiedName(table)}`,
    'default',
    `column ${formatIdentifier(column)}`,
  );
}

/** Whether only the cast of a literal differs: `'0'::integer` and `'0'::bigint`. */
function isSameDefault(from: Catalog, to: Catalog, change: ColumnChange): boolean {
  const bare = (text: string | null): string | null =>
    text?.replace(/::[\w ."]+(?:\(\d+(?:,\d+)?\))?$/, '') ?? null;
  return bare(defaultOf(from, change)) === bare(defaultOf(to, change));
}
