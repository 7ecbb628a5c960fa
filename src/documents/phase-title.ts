import { t } from '../messages/translate';

/** A phase as headings name it. */
export function phaseTitle(name: 'expand' | 'migrate' | 'contract'): string {
  switch (name) {
    case 'expand':
      return t('Expand');
    case 'migrate':
      return t('Migrate');
    case 'contract':
      return t('Contract');
  }
}
