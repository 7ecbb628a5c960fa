import type { Drift } from '../journey/drift';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { markdownTable } from './trace-table';

/** What the schema of a database is against its history, as a page of Markdown. */
export function driftPage(drift: Drift): string {
  const { label, database, shadow, differences, notes } = drift;
  const structural = differences.filter(({ kind }) => kind === 'structure');
  const objects = [...new Set(structural.map(({ object }) => object))];
  return [
    `# ${escapeMarkdown(t('{0} and {1}', label, database.label))}`,
    '',
    escapeMarkdown(
      t(
        '{0} migrations that {1} has as applied were replayed in a shadow database ({2} {3}). Nothing was touched.',
        drift.replayed,
        drift.historyTable,
        shadow.engine,
        shadow.version,
      ),
    ),
    '',
    escapeMarkdown(verdict(drift, objects.length)),
    ...(differences.length === 0
      ? []
      : [
          '',
          ...markdownTable(
            [t('Object'), t('Property'), t('By the history'), t('In the database')],
            differences.map(({ object, property, before, after, kind }) => [
              object,
              kind === 'structure' ? property : t('{0} (without effect)', property),
              ...[before, after].map((value) => (property === 'exists' ? isThere(value) : oneLine(value))),
            ]),
          ),
        ]),
    ...notes.map((note) => `\n${escapeMarkdown(note)}`),
    '',
  ].join('\n');
}

function verdict({ differences }: Drift, objects: number): string {
  if (objects > 0) return t('Drift: {0} objects are not as the history makes them.', objects);
  return differences.length === 0
    ? t('The database is what its history makes.')
    : t('The database is what its history makes, but for what has no effect.');
}

function isThere(value: string | null): string {
  return value === null ? t('is not there') : t('is there');
}

function oneLine(value: string | null): string {
  return (value ?? '').replaceAll(/\s+/g, ' ');
}
