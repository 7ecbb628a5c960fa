import * as v from 'valibot';
import { t } from '../messages/translate';
import type { ChangeType, ColumnFate, DataLaw } from './changes/change-type';
import { columnChanges } from './changes/column-changes';
import { constraintChanges } from './changes/constraint-changes';
import { dataChanges } from './changes/data-changes';
import { indexChanges } from './changes/index-changes';
import { routineChanges } from './changes/routine-changes';
import { sqlChanges } from './changes/sql-changes';
import { storedName } from './changes/stored-name';
import { tableChanges } from './changes/table-changes';
import { typeChanges } from './changes/type-changes';
import { viewChanges } from './changes/view-changes';
import { partsOf, type SeveralChanges } from './several-changes';

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

/** One kind of change with its answers. One member per recipe. */
export type SingleChange = v.InferOutput<(typeof types)[number]['stored']>;

/** What the user wants, as data. */
export type Change = SingleChange | SeveralChanges;

const storedSingle = v.variant(
  'kind',
  types.map(({ stored }) => stored),
);

const storedSeveral = v.object({
  kind: v.literal('several'),
  table: storedName,
  changes: v.pipe(v.array(storedSingle), v.minLength(2)),
});

/** A change in the front matter of plan.md. */
export const storedChange = v.variant('kind', [...types.map(({ stored }) => stored), storedSeveral]);

/** Every kind of change. */
export const changeTypes = types as unknown as readonly ChangeType<SingleChange>[];

/** What kind of change it is. */
export function changeTypeOf<C extends SingleChange>({ kind }: C): ChangeType<C> {
  return types.find((type) => type.kind === kind) as unknown as ChangeType<C>;
}

/** The change in one sentence, for titles and documents. */
export function describeChange(change: Change): string {
  const [first = '', second, ...more] = partsOf(change).map((part) => changeTypeOf(part).describe(part));
  if (second === undefined) return first;
  return more.length === 0
    ? t('{0}; {1}', first, second)
    : t('{0}; {1}; and {2} more', first, second, more.length);
}

/** Lower-case ASCII words joined by dashes, at most 60 characters, for the plan folder's name. */
export function slugOfChange(change: Change): string {
  const [first, ...others] = partsOf(change);
  const words = changeTypeOf(first!).words(first!);
  const ascii = (others.length === 0 ? words : `${words.slice(0, 48)} and ${others.length} more`)
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
export function lawOf(change: SingleChange): DataLaw | null {
  return changeTypeOf(change).law(change);
}

/** The column the contract phase takes away; null for a change that takes none away. */
export function removedColumn(change: SingleChange): string | null {
  return columnWhere(change, (fate) => fate === 'removed');
}

/** The column that is there and that it removes or changes, so that who knows it is concerned; null where there is none yet. */
export function presentColumn(change: SingleChange): string | null {
  return columnWhere(change, (fate) => fate === 'removed' || fate === 'changed');
}

/** The column it is about: one that it removes or changes, else one it brings or needs. Empty for a change of none. */
export function concernedColumn(change: SingleChange): string {
  return presentColumn(change) ?? columnWhere(change, () => true) ?? '';
}

function columnWhere(change: SingleChange, isMeant: (fate: ColumnFate['fate']) => boolean): string | null {
  const columns = changeTypeOf(change).columns(change);
  return columns.find(({ fate }) => isMeant(fate))?.column ?? null;
}
