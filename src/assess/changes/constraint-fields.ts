import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeField } from './change-type';

/** Asks which columns a new constraint is over. */
export function columnsField(): ChangeField {
  return { id: 'columns', asks: 'columns', label: t('Columns'), question: () => t('Which columns?') };
}

/** Asks what a new constraint is called. */
export function constraintNameField(): ChangeField {
  return {
    id: 'name',
    asks: 'name',
    label: t('Name'),
    question: () => t('Name of the constraint'),
    hint: t('Left empty, it is called as PostgreSQL would call it.'),
    optional: true,
  };
}

/** Throws `invalid-input` where a constraint of the table has that name. */
export function refuseConstraintName(name: string | null, table: TableFacts): void {
  if (name === null || table.constraints.every((constraint) => constraint.name !== name)) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} has a constraint {1} already. Choose another name.',
      formatQualifiedName(table.name),
      formatIdentifier(name),
    ),
  );
}

/** `a, "B c"`: as SQL lists columns. */
export function columnList(columns: readonly string[]): string {
  return columns.map(formatIdentifier).join(', ');
}
