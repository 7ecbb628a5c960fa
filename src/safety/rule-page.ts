import { t } from '../messages/translate';
import { splitStatements } from '../sql/split';
import type { Rule, RuleExample } from './rule';

/** A rule as a page of Markdown: what it is about, why, for which versions, both examples, how to silence it. */
export function rulePage(rule: Rule): string {
  return [
    `# ${rule.title}`,
    `\`${rule.id}\` · ${severitySentence(rule)} · ${versions(rule)}`,
    rule.why,
    `## ${t('Risky')}`,
    example(rule.bad),
    `## ${t('Safe')}`,
    example(rule.good),
    `## ${t('When it is all right here')}`,
    ...(rule.planned === true
      ? [t('In the files of a plan it is silent: what it warns of is what the plan arranges.')]
      : []),
    t('Write the reason above the statement; a suppression without one does nothing:'),
    sqlBlock(`-- switchback:ignore ${rule.id} ${t('the table is empty until Monday')}`),
    t(
      'To change its severity everywhere, set `{0}` to `error`, `warning`, `info` or `off` in `rules` of `.switchback/config.json` or in the setting `switchback.rules`.',
      rule.id,
    ),
    `## ${t('PostgreSQL says')}`,
    `<${rule.url}>`,
    '',
  ].join('\n\n');
}

function severitySentence(rule: Rule): string {
  return rule.optIn ? t('off until configured') : rule.severity;
}

function versions({ since, until }: Rule): string {
  if (since === null && until === null) return t('every supported version');
  if (until === null) return t('PostgreSQL {0} and newer', since ?? '');
  return since === null ? t('PostgreSQL {0} and older', until) : t('PostgreSQL {0} to {1}', since, until);
}

function example({ before, sql, transaction, since }: RuleExample): string {
  const parts = [];
  if (before !== '') parts.push(t('What is there:'), sqlBlock(before), t('The migration:'));
  parts.push(sqlBlock(sql));
  const notes = [];
  if (transaction === 'none') notes.push(t('The file runs outside a transaction.'));
  if (since !== undefined) notes.push(t('From PostgreSQL {0} on.', since));
  if (notes.length > 0) parts.push(notes.join(' '));
  return parts.join('\n\n');
}

/** A fence longer than any in the text cannot be ended by it. */
function sqlBlock(text: string): string {
  const sql = onLines(text);
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}

/** Each statement, with the comments before it, on lines of its own. */
function onLines(text: string): string {
  let from = 0;
  const lines = splitStatements(text).map((piece) => {
    const written = text.slice(from, piece.end).trim();
    from = piece.next;
    return piece.kind === 'statement' ? `${written};` : written;
  });
  return [...lines, text.slice(from).trim()].filter((line) => line !== '').join('\n');
}
