import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import { differenceLines } from '../../rehearse/difference-text';
import type { MigrationRehearsal, Rehearsal } from '../../rehearse/rehearsal';
import { section } from './format';

/** What a screen holds of one migration's differences. */
const mostLines = 24;

/** A rehearsal for the terminal: one line per migration, below it what differs, object by object, and what else was noticed. */
export async function rehearsalText({ shadow, migrations, base }: Rehearsal): Promise<string> {
  const lines = base ? [t('From the schema of {0}', base.database), ...base.notes] : [];
  for (const migration of migrations) lines.push(...(await migrationLines(migration)));
  return section(
    t('Rehearsed in a shadow database ({0}, {1} {2})', shadow.kind, shadow.engine, shadow.version),
    lines,
  );
}

async function migrationLines(migration: MigrationRehearsal): Promise<string[]> {
  const { verdict, error, differences, notes } = migration;
  const differing = shortened(await differenceLines(differences));
  return [
    `${verdict.padEnd(12)} ${migrationTitle(migration)}`,
    ...[...(error === null ? [] : error.split('\n')), ...differing, ...notes].map((line) => `  ${line}`),
  ];
}

/** At most a screen; the last line says how much more there is. */
function shortened(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  const shown = lines.slice(0, mostLines - 1);
  return [...shown, t('… and {0} more lines; --format json has all.', lines.length - shown.length)];
}
