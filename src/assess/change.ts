import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';

/** What the user wants, as data. One member per recipe. */
export type Change = AddRequiredColumn | RenameColumn;
export type ChangeKind = Change['kind'];

/** A new column that every row must have a value for. */
export interface AddRequiredColumn {
  kind: 'add-required-column';
  table: QualifiedName;
  column: string;
  /** A type as SQL spells it: `text`, `numeric(12,2)`, `app.email`. */
  type: string;
  /** `default`: a DEFAULT expression. `expression`: computed from the row's other columns. */
  fill: { by: 'default' | 'expression'; expression: string };
  /** Whether writers may go on omitting the column after contract. Only for `fill.by = default`. */
  keepDefault: boolean;
}

/** A column that gets another name while old and new application code run. */
export interface RenameColumn {
  kind: 'rename-column';
  table: QualifiedName;
  from: string;
  to: string;
}

/** The change in one sentence, for titles and documents. */
export function describeChange(change: Change): string {
  const table = formatQualifiedName(change.table);
  switch (change.kind) {
    case 'add-required-column':
      return t('Add the required column {0} to {1}', formatIdentifier(change.column), table);
    case 'rename-column':
      return t('Rename {0}.{1} to {2}', table, formatIdentifier(change.from), formatIdentifier(change.to));
  }
}

/** Lower-case ASCII words joined by dashes, at most 60 characters, for the plan folder's name. */
export function slugOfChange(change: Change): string {
  const words =
    change.kind === 'rename-column'
      ? `rename ${change.table.name} ${change.from} to ${change.to}`
      : `add ${change.table.name} ${change.column}`;
  const ascii = words.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  return (
    ascii
      .toLowerCase()
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || 'change'
  );
}
