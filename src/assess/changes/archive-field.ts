import { t } from '../../messages/translate';
import type { ChangeField } from './change-type';

/** Whether rows that go are moved to a table of their own. */
export function archiveField(): ChangeField {
  return {
    id: 'archive',
    asks: 'flag',
    label: t('Move them to a table of their own'),
    question: () => t('Are they moved to a table of their own?'),
    yes: t('Yes, so that they can come back'),
    no: t('No, they are deleted'),
  };
}
