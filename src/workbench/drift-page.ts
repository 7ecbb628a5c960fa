import type { Drift } from '../journey/drift';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { engineName } from './migration-words';
import { markdownTable } from './trace-table';

/** What the schema of a database is against its history, as a page of Markdown. */
export function driftPage(drift: Drift): string {
  const { label, database, shadow, differences, notes } = drift;
  const structural = differences.filter(({ kind }) => kind === 'structure');
  const objects = [...new Set(structural.map(({ object }) => object))];
  return [
    `# ${escapeMarkdown(t('Drift of {0}: {1}', label, database.label))}`,
    '',
    escapeMarkdown(
      drift.replayed === 1
        ? t(
            '1 migration, which {0} says is applied, was replayed in a shadow database ({1} {2}). Nothing was touched.',
            drift.historyTable,
            engineName(shadow.engine),
            shadow.version,
          )
        : t(
            '{0} migrations, those that {1} says are applied, were replayed in a shadow database ({2} {3}). Nothing was touched.',
            drift.replayed,
            drift.historyTable,
            engineName(shadow.engine),
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
              ...[before, after].map((value) => cellOf(property, value)),
            ]),
          ),
        ]),
    ...(objects.length === 0
      ? []
      : [
          '',
          escapeMarkdown(
            t(
              'Where the database is right, write a migration that makes the same. Where the history is right, change the database back.',
            ),
          ),
        ]),
    ...notes.map((note) => `\n${escapeMarkdown(note)}`),
    '',
  ].join('\n');
}

function verdict({ differences }: Drift, objects: number): string {
  if (objects === 1) return t('Drift: one object is not as the history makes it.');
  if (objects > 0) return t('Drift: {0} objects are not as the history makes them.', objects);
  return differences.length === 0
    ? t('The database is what its history makes.')
    : t('The database is what its history makes, but for what has no effect.');
}

function cellOf(property: string, value: string | null): string {
  if (value === null) return t('not there');
  return property === 'exists' ? t('there') : value.replaceAll(/\s+/g, ' ');
}
