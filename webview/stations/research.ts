import { t } from '../../src/messages/translate';
import type { ResearchView } from '../../src/protocol/assessment-state';
import { h, type Child } from '../dom/element';
import type { Page } from '../page';
import { link } from '../ui/components';
import { disclosure, section } from '../ui/sections';

/** What others know of a change like this: links open when they are clicked, and nothing is fetched. */
export function researchSection(page: Page, research: ResearchView | null): Child {
  if (research === null) return null;
  return section(
    'research',
    t('Research'),
    pairs(t('What goes wrong, and what the plan does instead'), research.pitfalls),
    pairs(t('What else could be done'), research.alternatives),
    past(page, research),
    links(page, t('PostgreSQL’s documentation for this version'), research.pages),
    links(page, t('Elsewhere'), research.others),
  );
}

function pairs(title: string, items: ResearchView['pitfalls']): Child[] {
  if (items.length === 0) return [];
  return [
    h('h4', { key: `title-${title}` }, title),
    h(
      'ul',
      { key: `list-${title}`, class: 'reasons' },
      items.map(({ said, answer }) =>
        h('li', null, h('p', null, h('strong', null, said)), h('p', null, answer)),
      ),
    ),
  ];
}

function past(page: Page, { past: found, pastNote }: ResearchView): Child {
  const items = found.map(({ path, line, statement, commit }) =>
    h(
      'li',
      null,
      link(`${path}:${line}`, () => page.send({ kind: 'open-file', path, line })),
      commit === null ? null : h('span', { class: 'quiet' }, ` ${commit}`),
      h('code', { class: 'excerpt' }, statement),
    ),
  );
  return [
    found.length === 0
      ? h('p', { key: 'no-past', class: 'quiet' }, t('No migration here has made such a change before.'))
      : disclosure(
          'research-past',
          t('Done before in this workspace ({0})', found.length),
          true,
          h('ul', { class: 'references' }, items),
        ),
    pastNote === null ? null : h('p', { key: 'past-note', class: 'quiet' }, pastNote),
  ];
}

function links(page: Page, title: string, items: ResearchView['pages']): Child[] {
  if (items.length === 0) return [];
  return [
    h('h4', { key: `title-${title}` }, title),
    h(
      'ul',
      { key: `list-${title}`, class: 'references' },
      items.map((item) =>
        h(
          'li',
          null,
          link(item.title, () => page.send({ kind: 'open-link', address: item.address })),
        ),
      ),
    ),
  ];
}
