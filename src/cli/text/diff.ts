import { describeChange } from '../../assess/change';
import { diffTitle } from '../../assess/diff/diff-title';
import type { SchemaDiff } from '../../journey/schema-diff';
import { t } from '../../messages/translate';
import { planCommand } from '../change-options';
import { section } from './format';

/** The changes between two schemas, numbered, each with the command that plans it, and what may be a rename. */
export function diffText({ from, to, changes, differences, questions, notes }: SchemaDiff): string {
  const isSame = changes.length + differences.length === 0;
  const opening = isSame ? t('{0} is as {1} wants it.', from, to) : diffTitle(from, to, changes.length);
  const lines = changes.flatMap(({ change, asks = [] }, index) => [
    `${index + 1}. ${describeChange(change)}`,
    `   ${[planCommand(change), ...asksWords(asks)].join(' ')}`,
  ]);
  const renames = questions.map(({ id }) => `--rename ${id}`);
  return [
    lines.length === 0 ? `${opening}\n` : section(opening, lines),
    section(t('This differs, too, and nothing is proposed for it:'), differences),
    section(t('These may be renames, and are planned as a drop and an add unless you say so:'), renames),
    section(t('To look at'), notes),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What the command that plans a change takes beside its own words: `...` is for a person to say. */
export function asksWords(asks: readonly ('down' | 'proof')[]): string[] {
  return asks.flatMap((each) => [`--${each}`, '...']);
}
