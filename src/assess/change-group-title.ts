import { t } from '../messages/translate';
import type { ChangeGroup } from './changes/change-type';

/** The heading of a group of kinds of change: in the form, in help, in the documentation. */
export function changeGroupTitle(group: ChangeGroup): string {
  switch (group) {
    case 'columns':
      return t('Columns');
    case 'constraints':
      return t('Constraints');
    case 'indexes':
      return t('Indexes and statistics');
    case 'tables':
      return t('Tables');
    case 'types':
      return t('Types');
    case 'views':
      return t('Views');
    case 'routines':
      return t('Functions');
    case 'data':
      return t('Data');
    case 'sql':
      return t('SQL of your own');
  }
}
