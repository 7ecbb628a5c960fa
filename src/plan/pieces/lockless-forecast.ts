import { t } from '../../messages/translate';
import type { StepForecast } from '../plan';

/** The forecast of a statement that writes catalogs and locks no table: it waits for nobody's rows. */
export function locklessForecast(): StepForecast {
  return {
    lock: null,
    relation: null,
    work: 'catalog',
    holdMilliseconds: { low: 1, high: 50 },
    phrase: t('no lock on a table'),
  };
}
