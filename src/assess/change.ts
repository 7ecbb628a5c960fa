import * as v from 'valibot';
import { addRequiredColumn, type AddRequiredColumn } from './changes/add-required-column';
import type { ChangeType, ColumnFate, DataLaw } from './changes/change-type';
import { renameColumn, type RenameColumn } from './changes/rename-column';

/** What the user wants, as data. One member per recipe. */
export type Change = AddRequiredColumn | RenameColumn;

/** Adding a kind of change means adding a file, its line here, and its recipe. */
const types = [renameColumn, addRequiredColumn] as const;

/** A change in the front matter of plan.md. */
export const storedChange = v.variant('kind', [renameColumn.stored, addRequiredColumn.stored]);

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
  return columnWhere(change, (fate) => fate !== 'added');
}

/** The column it is about: the one that is there, else the one it brings. Empty for a change of no column. */
export function concernedColumn(change: Change): string {
  return presentColumn(change) ?? columnWhere(change, () => true) ?? '';
}

function columnWhere(change: Change, isMeant: (fate: ColumnFate['fate']) => boolean): string | null {
  const columns = changeTypeOf(change).columns(change);
  return columns.find(({ fate }) => isMeant(fate))?.column ?? null;
}
