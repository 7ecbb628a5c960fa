import { t } from '../../src/messages/translate';
import type { PrerequisitesView, PrerequisiteView } from '../../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, link, textField } from './components';
import { badge, callout, section } from './sections';

/** What only people know of the scope, prefilled; then the six prerequisites with a way to confirm each. */
export function prerequisiteSections(page: Page, view: PrerequisitesView): Child {
  return [scopeSection(page, view.scope), listSection(page, view)];
}

function scopeSection(page: Page, scope: PrerequisitesView['scope']): ElementNode {
  return section(
    'scope',
    t('Scope'),
    h('p', { class: 'quiet' }, scope.hint),
    h(
      'div',
      { class: 'form form-wide' },
      scope.fields.map((field) =>
        textField({
          id: `scope-${field.id}`,
          label: field.label,
          value: field.value,
          hint: field.hint,
          problem: field.problem ?? undefined,
          onCommit: (value) => page.send({ kind: 'edit-scope', field: field.id, value }),
        }),
      ),
    ),
    h('p', null, h('span', { class: 'quiet' }, t('Data volume:')), ' ', scope.volume),
    scope.complete
      ? null
      : h(
          'div',
          { class: 'buttons' },
          button({
            label: t('Keep This Scope'),
            disabled: isBusy(page),
            onClick: () => page.send({ kind: 'keep-scope' }),
          }),
        ),
  );
}

function listSection(page: Page, view: PrerequisitesView): ElementNode {
  return section(
    'prerequisites',
    t('Prerequisites'),
    h('p', null, badge(view.summary, view.tone)),
    h(
      'ul',
      { class: 'prerequisites' },
      view.items.map((item) =>
        h(
          'li',
          { key: item.id, class: item.held ? 'is-held' : 'is-open' },
          h(
            'div',
            { class: 'prerequisite-text' },
            h(
              'div',
              { class: 'reason-head' },
              badge(item.state, item.held ? 'good' : 'notice'),
              h('strong', null, item.title),
            ),
            h('p', null, item.detail),
          ),
          item.held ? null : confirmButton(page, item),
        ),
      ),
    ),
  );
}

function confirmButton(page: Page, item: PrerequisiteView): ElementNode {
  return button({
    label: t('Confirm…'),
    name: t('Confirm… {0}', item.title),
    disabled: isBusy(page),
    onClick: () => page.send({ kind: 'confirm-prerequisite', prerequisite: item.id }),
  });
}

/** What is still open, where the plan is made; null when all are held. */
export function openPrerequisites(page: Page): Child {
  const open = page.state.prerequisites?.items.filter((item) => !item.held) ?? [];
  if (open.length === 0) return null;
  return callout(
    'notice',
    t('Prerequisites still open'),
    h(
      'ul',
      null,
      open.map((item) => h('li', { key: item.id }, `${item.title}. ${item.detail}`)),
    ),
    h(
      'p',
      null,
      link(t('Confirm them under Assess'), () => page.send({ kind: 'go', station: 'assess' })),
    ),
  );
}
