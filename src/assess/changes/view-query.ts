import { t } from '../../messages/translate';
import type { ChangeField } from './change-type';

/** What all changes of a view's query have in common; a kind of change says the rest. */
export const ofViewQuery = {
  group: 'views',
  subject: 'view',
  usage: '--definition QUERY',
  answers: ({ definition }: { definition: string }) => ({ definition }),
  planChoices: [],
  columns: () => [],
  concernsTable: true,
  law: () => null,
  check: () => undefined,
  rewritesRows: () => false,
} as const;

/** The field for the new query. */
export function queryField(placeholder: string, hint: string): ChangeField {
  return {
    id: 'definition',
    asks: 'text',
    label: t('Query'),
    lines: 6,
    question: () => t('Which query does it get?'),
    placeholder,
    hint,
  };
}
