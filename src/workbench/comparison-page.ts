import type {
  ComparedMigration,
  ComparedStatement,
  ComparisonVerdict,
  FolderComparison,
} from '../journey/compare-migration';
import { migrationTitle } from '../layouts/migration-title';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { appliedWords, flagWord, stateWord } from './migration-words';
import { markdownTable, traceTable } from './trace-table';

/** What the history and the catalog of a database say against a migration or a folder, as a page of Markdown. */
export function comparisonPage(comparison: FolderComparison, database: string): string {
  const { label, tool, migrations, historyTable, historyExists } = comparison;
  const [only] = migrations;
  const single = migrations.length === 1 && only;
  const title = single ? migrationTitle(only) : label;
  const detailed = single ? [only] : migrations.filter(({ verdict }) => verdict !== 'agrees');
  return [
    `# ${escapeMarkdown(t('{0} and {1}', title, database))}`,
    '',
    escapeMarkdown(
      historyExists
        ? t('{0} keeps its history in {1}. Nothing was touched.', tool, historyTable)
        : t('{0} has no history here yet: {1} is not there. Nothing was touched.', tool, historyTable),
    ),
    '',
    ...markdownTable(
      [t('Migration'), t('History'), t('Applied'), t('Checksum'), t('In the database')],
      migrations.map((migration) => [
        migrationTitle(migration),
        historyWords(migration),
        appliedWords(migration.row) ?? '',
        checksumWords(migration),
        verdictWords(migration.verdict),
      ]),
    ),
    ...detailed.flatMap(details),
    '',
  ].join('\n');
}

function historyWords({ state, flags, row, ownRow }: ComparedMigration): string {
  const words = [stateWord(state), ...flags.map(flagWord)];
  if (row !== null && !ownRow) words.push(t('by the row of a later one'));
  return words.join(', ');
}

function checksumWords({ checksum }: ComparedMigration): string {
  switch (checksum.kind) {
    case 'none':
      return t('none recorded');
    case 'same':
      return t('the same, {0}', short(checksum.recorded));
    case 'differs':
      return checksum.now === null
        ? t('recorded {0}', short(checksum.recorded))
        : t('recorded {0}, the file has {1}', short(checksum.recorded), short(checksum.now));
  }
}

function short(checksum: string): string {
  return checksum.length > 16 ? `${checksum.slice(0, 16)}…` : checksum;
}

/** What one migration's comparison came to. */
export function verdictWords(verdict: ComparisonVerdict): string {
  switch (verdict) {
    case 'agrees':
      return t('agrees');
    case 'not-told':
      return t('cannot be told');
    case 'effect-missing':
      return t('its effect is missing');
    case 'edited':
      return t('applied from another text');
    case 'effect-there':
      return t('its effect is there already');
    case 'effect-in-part':
      return t('a part of its effect is there already');
    case 'broke-off':
      return t('it broke off: repair it');
    case 'no-file':
      return t('the folder has no such file');
  }
}

function details(migration: ComparedMigration): string[] {
  if (migration.statements.length === 0) return [];
  return [
    '',
    `## ${escapeMarkdown(migrationTitle(migration))}`,
    '',
    ...traceTable(migration.statements, changedWords),
    ...(migration.checksum.kind === 'none'
      ? []
      : ['', escapeMarkdown(t('Recorded checksum: {0}', migration.checksum.recorded))]),
  ];
}

function changedWords({ changedBy }: ComparedStatement): string | null {
  return changedBy === null ? null : t('changed again by {0}', changedBy);
}
