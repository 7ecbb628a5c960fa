import { columnOf } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';
import type { ChangeField } from './changes/change-type';

/** Asks which domain is meant, by a column of it. */
export function domainColumnField(): ChangeField {
  return {
    id: 'column',
    asks: 'column',
    label: t('Column'),
    question: () => t('Which column has the domain?'),
  };
}

/** Throws `invalid-input` where the type of the column is no domain. */
export function refuseOtherThanDomain(column: string, table: TableFacts): void {
  const { type, typeKind } = columnOf(table, column);
  if (typeKind === 'domain') return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The type of {0} is {1}, which is no domain. Choose a column of the domain itself.',
      formatIdentifier(column),
      type,
    ),
  );
}
