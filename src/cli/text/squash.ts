import type { Squash } from '../../journey/squash';
import { t } from '../../messages/translate';
import { differenceLines } from '../../rehearse/difference-text';
import { section } from './format';

/** What one migration makes in place of many, what moves where, and what histories that have them need. */
export async function squashText(squash: Squash): Promise<string> {
  const { label, version, differences, shadow, existing, notes, written } = squash;
  const opening = t(
    '{0}: {1} migrations up to {2} as one, run in a shadow database ({3}, {4} {5})',
    label,
    squash.squashed,
    version,
    shadow.kind,
    shadow.engine,
    shadow.version,
  );
  if (differences.length > 0) {
    return section(opening, [
      t('Refused: it does not make (+) what they make (-). Nothing was written.'),
      ...(await differenceLines(differences)),
      ...notes,
    ]);
  }
  const moves = squash.moved.map(({ from, to }) => `${from} -> ${to}`);
  return [
    section(opening, [t('It makes the same, to the last property.'), ...notes]),
    section(
      written
        ? t('{0} was written, and these were moved:', squash.path)
        : t('With --write, {0} is written, and these are moved:', squash.path),
      moves,
    ),
    section(
      existing.sentence,
      existing.sql.map((sql) => `${sql};`),
    ) || `${existing.sentence}\n`,
    ...(written ? [] : [section(squash.path, squash.text.trimEnd().split('\n'))]),
  ].join('\n');
}
