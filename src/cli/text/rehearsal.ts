import type { Rehearsal } from '../../rehearse/rehearsal';
import { t } from '../../messages/translate';
import { section } from './format';
import { migrationTitle } from '../../layouts/migration-title';

/** A rehearsal for the terminal: one line per migration, its differences below. */
export function rehearsalText(rehearsal: Rehearsal): string {
  const { shadow } = rehearsal;
  const lines = rehearsal.migrations.flatMap((migration) => [
    `${migration.verdict.padEnd(12)} ${migrationTitle(migration)}`,
    ...(migration.error ? [`  ${migration.error}`] : []),
    ...migration.differences.map(
      (item) =>
        `  ${item.object}, ${item.property}: ${item.before ?? t('absent')} -> ${item.after ?? t('absent')}`,
    ),
    ...migration.notes.map((note) => `  ${note}`),
  ]);
  return section(
    t('Rehearsed in a shadow database ({0}, {1} {2})', shadow.kind, shadow.engine, shadow.version),
    lines,
  );
}
