import type { Squash } from '../journey/squash';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { engineName } from './migration-words';
import { markdownTable } from './trace-table';

/** What one migration makes in place of many, and what is to be done with it, as a page of Markdown. */
export function squashPage(squash: Squash): string {
  const { label, version, shadow, differences, existing, moved, notes } = squash;
  return [
    `# ${escapeMarkdown(t('{0}: all up to {1} as one', label, version))}`,
    '',
    escapeMarkdown(
      t(
        '{0} migrations were run in a shadow database ({1} {2}), and the new one in another, empty one.',
        squash.squashed,
        engineName(shadow.engine),
        shadow.version,
      ),
    ),
    '',
    ...(differences.length === 0
      ? [escapeMarkdown(t('It makes the same, to the last property.'))]
      : [
          escapeMarkdown(t('It does not make the same, and is not written.')),
          '',
          ...markdownTable(
            [t('Object'), t('Property'), t('By the old ones'), t('By the new one')],
            differences.map(({ object, property, before, after }) => [
              object,
              property,
              oneLine(before),
              oneLine(after),
            ]),
          ),
        ]),
    ...notes.map((note) => `\n${escapeMarkdown(note)}`),
    '',
    `## ${escapeMarkdown(t('Databases that have the old migrations'))}`,
    '',
    escapeMarkdown(existing.sentence),
    ...existing.sql.map((sql) => `\n    ${oneLine(sql)};`),
    '',
    `## ${escapeMarkdown(t('Files'))}`,
    '',
    escapeMarkdown(t('{0} is written anew. These move to {1}:', squash.path, archiveOf(moved))),
    '',
    ...moved.map(({ from }) => `- ${escapeMarkdown(from)}`),
    '',
  ].join('\n');
}

/** Old files keep their paths, below one folder. */
function archiveOf(moved: Squash['moved']): string {
  const { from, to } = moved[0] ?? { from: '', to: '' };
  return to.endsWith(`/${from}`) ? to.slice(0, -from.length - 1) : to;
}

function oneLine(value: string | null): string {
  return (value ?? t('not there')).replaceAll(/\s+/g, ' ');
}
