import * as v from 'valibot';
import type { ChangeType, ColumnFate, DataLaw } from './changes/change-type';
import { columnChanges } from './changes/column-changes';
import { constraintChanges } from './changes/constraint-changes';
import { dataChanges } from './changes/data-changes';
import { indexChanges } from './changes/index-changes';
import { routineChanges } from './changes/routine-changes';
import { sqlChanges } from './changes/sql-changes';
import { tableChanges } from './changes/table-changes';
import { typeChanges } from './changes/type-changes';
import { viewChanges } from './changes/view-changes';

/** Adding a kind of change means adding a file, its line in the list of its group, and its recipe. */
const types = [
  ...columnChanges,
  ...constraintChanges,
  ...indexChanges,
  ...tableChanges,
  ...typeChanges,
  ...viewChanges,
  ...routineChanges,
  ...dataChanges,
  ...sqlChanges,
] as const;

/** What the user wants, as data. One member per recipe. */
export type Change = v.InferOutput<(typeof types)[number]['stored']>;

/** A change in the front matter of plan.md. */
export const storedChange = v.variant(
  'kind',
  types.map(({ stored }) => stored),
);

/** Every kind of change. */
export const changeTypes = types as unknown as readonly ChangeType<Change>[];

/** What kind of change it is. */
export function changeTypeOf<C extends Change>({ kind }: C): ChangeType<C> {
  return types.find((type) => type.kind === kind) as unknown as ChangeType<C>;
}

/** The change in one sentence, for titles and documents. */
export function describeChange(change: Change): string {
  return changeTypeOf(change).describe(change);
}

/** Lower-case ASCII words joined by dashes, at most 60 characters, for the plan folder's name. */
export function slugOfChange(change: Change): string {
  const ascii = changeTypeOf(change)
    .words(change)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-');
  return (
    ascii
      .toLowerCase()
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || 'change'
  );
}

/** What has to be true of the rows when it is made; null where rows do not tell. */
export function lawOf(change: Change): DataLaw | null {
  return changeTypeOf(change).law(change);
}

/** The column the contract phase takes away; null for a change that takes none away. */
export function removedColumn(change: Change): string | null {
  return columnWhere(change, (fate) => fate === 'removed');
}

/** The column that is there and that it removes or changes, so that who knows it is concerned; null where there is none yet. */
export function presentColumn(change: Change): string | null {
  return columnWhere(change, (fate) => fate === 'removed' || fate === 'changed');
}

/** The column it is about: one that it removes or changes, else one it brings or needs. Empty for a change of none. */
export function concernedColumn(change: Change): string {
  return presentColumn(change) ?? columnWhere(change, () => true) ?? '';
}

function columnWhere(change: Change, isMeant: (fate: ColumnFate['fate']) => boolean): string | null {
  const columns = changeTypeOf(change).columns(change);
  return columns.find(({ fate }) => isMeant(fate))?.column ?? null;
}
