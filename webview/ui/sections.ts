import { t } from '../../src/messages/translate';
import type { FactView, ListTable, Tone } from '../../src/protocol/facts';
import type { StepState } from '../../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { icon, type IconName } from './icons';

/** A titled part of a station. `id` is unique in the page. */
export function section(id: string, title: string, ...children: Child[]): ElementNode {
  return h(
    'section',
    { key: `section:${id}`, class: 'section', attributes: { 'aria-labelledby': `${id}-title` } },
    h('h3', { attributes: { id: `${id}-title` } }, title),
    children,
  );
}

/** Label and value pairs, in columns as the width allows. */
export function factList(facts: readonly FactView[]): ElementNode {
  return h(
    'dl',
    { class: 'facts' },
    facts.map((fact) =>
      h(
        'div',
        { key: fact.label, class: `fact tone-${fact.tone}` },
        h('dt', null, fact.label),
        h(
          'dd',
          null,
          toneIcon(fact.tone),
          fact.value,
          fact.note ? h('span', { class: 'fact-note' }, fact.note) : null,
        ),
      ),
    ),
  );
}

function toneIcon(tone: Tone): Child {
  switch (tone) {
    case 'notice':
    case 'bad':
      return icon('warning');
    case 'good':
    case 'neutral':
      return null;
  }
}

/** A table of words with a caption; it scrolls sideways by keyboard where it must. */
export function listTable(table: ListTable): ElementNode {
  const content =
    table.rows.length === 0
      ? h('p', { class: 'quiet' }, table.empty)
      : h(
          'div',
          { class: 'table-scroll', attributes: { role: 'region', tabindex: 0, 'aria-label': table.title } },
          h(
            'table',
            null,
            h(
              'thead',
              null,
              h(
                'tr',
                null,
                table.headers.map((header) => h('th', { attributes: { scope: 'col' } }, header)),
              ),
            ),
            h(
              'tbody',
              null,
              table.rows.map((row) =>
                h(
                  'tr',
                  null,
                  row.map((cell) => h('td', null, cell)),
                ),
              ),
            ),
          ),
        );
  const count = table.rows.length === 0 ? '' : ` (${table.rows.length})`;
  return disclosure(
    `table:${table.title}`,
    `${table.title}${count}`,
    table.rows.length > 0 && table.rows.length <= 12,
    content,
  );
}

/** Content that opens and closes. `open` is how it starts; after that it is the user's. */
export function disclosure(key: string, summary: Child, open: boolean, ...children: Child[]): ElementNode {
  return h(
    'details',
    { key, attributes: { open: open ? true : undefined } },
    h('summary', null, summary),
    children,
  );
}

/** A word with a sign, coloured by tone. */
export function badge(text: string, tone: Tone): ElementNode {
  const sign: Record<Tone, IconName | null> = {
    good: 'check',
    bad: 'cross',
    notice: 'warning',
    neutral: null,
  };
  const name = sign[tone];
  return h('span', { key: `badge:${text}`, class: `badge tone-${tone}` }, name ? icon(name) : null, text);
}

const stateIcons: Record<StepState, IconName> = {
  blocked: 'lock',
  ready: 'ring',
  running: 'play',
  paused: 'pause',
  done: 'check',
  failed: 'cross',
  'rolled-back': 'undo',
  skipped: 'skip',
};

/** The state of a step as sign and word. */
export function stepStateBadge(state: StepState): ElementNode {
  return h(
    'span',
    { key: 'state', class: `step-state state-${state}` },
    icon(stateIcons[state]),
    stepStateWord(state),
  );
}

function stepStateWord(state: StepState): string {
  switch (state) {
    case 'blocked':
      return t('Blocked');
    case 'ready':
      return t('Ready');
    case 'running':
      return t('Running');
    case 'paused':
      return t('Paused');
    case 'done':
      return t('Done');
    case 'failed':
      return t('Failed');
    case 'rolled-back':
      return t('Rolled back');
    case 'skipped':
      return t('Skipped');
  }
}

/** A sentence that must be seen: a blocker, a warning, a point of no return. */
export function callout(tone: Tone, title: string, ...children: Child[]): ElementNode {
  return h(
    'div',
    { key: `callout:${title}`, class: `callout tone-${tone}` },
    tone === 'neutral' ? null : icon(tone === 'good' ? 'check' : 'warning'),
    h('div', null, h('strong', null, title), children),
  );
}

/** The row of a station's actions, with a hint of what comes next. */
export function actions(hint: Child, ...buttons: Child[]): ElementNode {
  return h(
    'div',
    { key: 'actions', class: 'actions' },
    h('div', { class: 'buttons' }, buttons),
    hint ? h('p', { class: 'hint' }, hint) : null,
  );
}
