import type { Drift } from '../../journey/drift';
import { t } from '../../messages/translate';
import { differenceLines } from '../../rehearse/difference-text';
import { section } from './format';

/** What differs between history (`-`) and database (`+`), object by object, and what else is to be said. */
export async function driftText(drift: Drift, drifts: boolean): Promise<string> {
  const { label, database, shadow, replayed, differences, notes } = drift;
  const opening =
    replayed === 1
      ? t(
          '{0} against {1}: 1 migration replayed in a shadow database ({2}, {3} {4})',
          label,
          database.label,
          shadow.kind,
          shadow.engine,
          shadow.version,
        )
      : t(
          '{0} against {1}: {2} migrations replayed in a shadow database ({3}, {4} {5})',
          label,
          database.label,
          replayed,
          shadow.kind,
          shadow.engine,
          shadow.version,
        );
  const verdict = !drifts
    ? differences.length === 0
      ? t('The database is what its history makes.')
      : t('The database is what its history makes, but for what has no effect:')
    : t('Drift: the database (+) is not what its history makes (-).');
  return section(opening, [verdict, ...(await differenceLines(differences)), ...notes]);
}
