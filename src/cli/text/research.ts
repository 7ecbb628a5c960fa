import { commitText, shortStatement } from '../../assess/research/past-text';
import { researchLinks } from '../../assess/research/research-links';
import type { PastMigration, Research } from '../../assess/research/research';
import { t } from '../../messages/translate';
import { section } from './format';

/** What others know of a change like this, in sections. */
export function researchSections(research: Research): string[] {
  return [
    section(
      t('What goes wrong, and what the plan does instead'),
      research.pitfalls.map(({ pitfall, solution }) => `${pitfall} ${solution}`),
    ),
    section(
      t('What else could be done'),
      research.alternatives.map(({ instead, why }) => `${instead} ${why}`),
    ),
    section(t('Done before in this workspace'), [
      ...research.past.map(pastLine),
      ...(research.pastNote === null ? [] : [research.pastNote]),
    ]),
    section(
      t('To read'),
      researchLinks(research).map(({ title, address }) => `${title}: ${address}`),
    ),
  ];
}

function pastLine(past: PastMigration): string {
  const commit = commitText(past);
  return `${past.path}:${past.line}  ${shortStatement(past)}${commit === null ? '' : ` (${commit})`}`;
}
