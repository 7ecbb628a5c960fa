import { t } from '../messages/translate';

type PlanState =
  | 'draft'
  | 'ready'
  | 'expanding'
  | 'migrating'
  | 'waiting'
  | 'contracting'
  | 'done'
  | 'rolled-back'
  | 'abandoned';

/** The state of a plan in a word. */
export function planStateWord(state: PlanState): string {
  switch (state) {
    case 'draft':
      return t('Draft');
    case 'ready':
      return t('Ready');
    case 'expanding':
      return t('Expanding');
    case 'migrating':
      return t('Migrating');
    case 'waiting':
      return t('Waiting');
    case 'contracting':
      return t('Contracting');
    case 'done':
      return t('Done');
    case 'rolled-back':
      return t('Rolled back');
    case 'abandoned':
      return t('Abandoned');
  }
}
