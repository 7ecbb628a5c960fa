import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import { copiedLines } from '../../rehearse/copy/copied-text';
import { blockingLines } from '../../rehearse/measure/blocking-lines';
import { rehearsalLines } from '../../rehearse/rehearsal-lines';
import { isProven, type MigrationRehearsal, type Rehearsal } from '../../rehearse/rehearsal';
import { section } from './format';

/** What a screen holds of one migration's differences. */
const mostLines = 24;

/**
 * A rehearsal for the terminal: one line per migration, below it what is wrong, what differs object by object, and what else
 * was noticed; last how many lead back.
 */
export async function rehearsalText(rehearsal: Rehearsal): Promise<string> {
  const { shadow, migrations, base, data } = rehearsal;
  const lines = base ? [t('From the schema of {0}', base.database), ...base.notes] : [];
  if (data) lines.push(...copiedLines(data));
  for (const migration of migrations) lines.push(...(await migrationLines(migration)));
  const rehearsed = section(
    t('Rehearsed in a shadow database ({0}, {1} {2})', shadow.kind, shadow.engine, shadow.version),
    lines,
  );
  return [rehearsed, ...summary(migrations)].join('');
}

async function migrationLines(rehearsal: MigrationRehearsal): Promise<string[]> {
  const { said, differing, notes, next } = await rehearsalLines(rehearsal);
  return [
    `${rehearsal.verdict.padEnd(12)} ${migrationTitle(rehearsal)}`,
    ...[...said, ...shortened(differing), ...notes, ...next, ...blockingLines(rehearsal)].map(
      (line) => `  ${line}`,
    ),
  ];
}

/** At most a screen; the last line says how much more there is. */
function shortened(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  const shown = lines.slice(0, mostLines - 1);
  return [...shown, t('… and {0} more lines; --format json has all.', lines.length - shown.length)];
}

/** What the signs of the differences mean, and how many of several migrations lead back. */
function summary(migrations: readonly MigrationRehearsal[]): string[] {
  const proven = migrations.filter(({ verdict }) => isProven(verdict)).length;
  return [
    ...(migrations.some(({ differences }) => differences.length > 0)
      ? [`\n${t('- as it was before the up, + as it is after the down')}\n`]
      : []),
    ...(migrations.length > 1 ? [`${leadingBack(proven, migrations.length)}\n`] : []),
  ];
}

function leadingBack(proven: number, all: number): string {
  return proven === 1
    ? t('1 of {0} rollbacks leads back to the schema before.', all)
    : t('{0} of {1} rollbacks lead back to the schema before.', proven, all);
}
