import type { Assessment } from '../../assess/assessment';
import type { ColumnReplacement } from '../../assess/column-replacement';
import type { SingleChange } from '../../assess/change';
import { columnOf } from '../../catalog/read-table-facts';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import { fillTrigger, type FillTrigger } from './fill-trigger';

/** Everything that columns in the place of others need, decided once, so that the phases agree. */
export interface ReplacementParts {
  assessment: Assessment;
  table: TableFacts;
  options: PlanOptions;
  old: OldColumn[];
  new: NewColumn[];
  /** Columns that stay and that the new values are computed from, too. */
  others: string[];
  trigger: FillTrigger;
}

export interface OldColumn {
  column: string;
  facts: ColumnFacts;
  /** SQL over the new columns; null where nothing gives the value again. */
  back: string | null;
}

export interface NewColumn {
  column: string;
  type: string;
  /** SQL over the row. */
  expression: string;
}

/** Decides names and places from what the assessment found. */
export function replacementParts(
  { assessment, options }: RecipeContext<SingleChange>,
  replacement: ColumnReplacement,
): ReplacementParts {
  const { table, server, columnReplacement: known } = assessment;
  const first = replacement.new[0]!;
  return {
    assessment,
    table,
    options,
    old: replacement.old.map((each) => ({ ...each, facts: columnOf(table, each.column) })),
    new: replacement.new.map((each, index) => ({ ...each, type: known?.types[index] ?? each.type })),
    others: known?.others ?? [],
    trigger: fillTrigger(table, first, known?.schemas ?? [], server.major),
  };
}

/** SQL that is true for a row whose new columns are not what the expressions give. */
export function notComputed({ new: added }: Pick<ReplacementParts, 'new'>): string {
  return imageDiffers(
    added.map(({ column }) => quoteIdentifier(column)).join(', '),
    added.map(({ expression, type }) => `(${expression})::${type}`).join(', '),
  );
}

/**
 * SQL that is true for a row that still has to be computed. One that new code has written may have old values that
 * would be cut in another way, or none at all, and is not to be computed again.
 */
export function stillToCompute(parts: Pick<ReplacementParts, 'old' | 'new'>): string {
  const isEmpty = parts.new.map(({ column }) => `${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL`);
  return `${notComputed(parts)} AND ((${isEmpty.join(' AND ')}) OR ${notComingBack(parts) ?? hasOldValue(parts)})`;
}

/** SQL that is true for a row that has a value in one of the old columns. */
export function hasOldValue({ old }: Pick<ReplacementParts, 'old'>): string {
  return `(${old.map(({ column }) => `${quoteIdentifier(column)} IS DISTINCT FROM NULL`).join(' OR ')})`;
}

/** SQL that is true for a row whose old values do not come back from the new ones; null where none would. */
export function notComingBack({ old }: Pick<ReplacementParts, 'old'>): string | null {
  const returning = old.flatMap(({ column, back, facts }) =>
    back === null ? [] : [{ column: quoteIdentifier(column), value: `(${back})::${facts.type}` }],
  );
  if (returning.length === 0) return null;
  return imageDiffers(
    returning.map(({ column }) => column).join(', '),
    returning.map(({ value }) => value).join(', '),
  );
}
