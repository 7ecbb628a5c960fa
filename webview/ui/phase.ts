import { t } from '../../src/messages/translate';
import type { PhaseView, PlanStepView } from '../../src/protocol/plan-phases';
import { h, type Child, type ElementNode } from '../dom/element';
import type { Page } from '../page';
import { tag } from './components';
import { disclosure } from './sections';
import { sqlBlock } from './sql-block';

/** One phase of a plan: its steps with what they do, lock and prove, and their SQL. */
export function phaseBlock(page: Page, phase: PhaseView): ElementNode {
  return h(
    'section',
    { key: `phase:${phase.name}`, class: 'phase', attributes: { 'aria-labelledby': `phase-${phase.name}` } },
    h('h3', { attributes: { id: `phase-${phase.name}` } }, phase.title),
    h('p', { class: 'quiet' }, phase.goal),
    phase.steps.length === 0
      ? null
      : h(
          'ol',
          { class: 'plan-steps' },
          phase.steps.map((step) => stepBlock(page, step)),
        ),
  );
}

function stepBlock(page: Page, step: PlanStepView): ElementNode {
  return h(
    'li',
    { key: step.id, class: 'plan-step' },
    h('div', { class: 'step-head' }, h('h4', null, step.title), tag(step.kind)),
    h('p', null, step.action),
    h(
      'dl',
      { class: 'step-facts' },
      fact(t('Lock'), step.lock, `tone-${step.tone}`),
      fact(t('Held'), step.hold),
      fact(t('Rollback'), step.rollback),
      fact(t('Verification'), step.verification),
      step.gates.length > 0 ? fact(t('Gates'), step.gates.join(', ')) : null,
    ),
    step.sample ? stepSample(page, step, step.sample) : null,
    step.sql.length > 0 ? stepSql(page, step) : null,
  );
}

function fact(label: string, value: string, className = ''): Child {
  return value ? h('div', { class: className }, h('dt', null, label), h('dd', null, value)) : null;
}

function stepSql(page: Page, step: PlanStepView): Child {
  return disclosure(
    `sql:${step.id}`,
    h('span', null, t('SQL'), h('span', { class: 'visually-hidden' }, ` ${t('of step {0}', step.title)}`)),
    false,
    h(
      'div',
      { class: 'sql-parts' },
      step.sql.map((part) =>
        h(
          'div',
          { key: part.part, class: 'sql-part' },
          h('h5', null, part.title),
          part.note ? h('p', { class: 'quiet' }, part.note) : null,
          part.sql
            ? sqlBlock({
                name: t('{0} SQL of step {1}', part.title, step.title),
                sql: part.sql,
                onCopy: () => page.send({ kind: 'copy', text: part.sql }),
                onOpen: () => page.send({ kind: 'open-sql', step: step.id, part: part.part }),
              })
            : null,
        ),
      ),
    ),
  );
}

function stepSample(page: Page, step: PlanStepView, sample: { before: string; after: string }): Child {
  return disclosure(
    `code:${step.id}`,
    h('span', null, t('Code'), h('span', { class: 'visually-hidden' }, ` ${t('of step {0}', step.title)}`)),
    false,
    h(
      'div',
      { class: 'sql-parts' },
      codePart(page, step, 'before', t('Before'), sample.before),
      codePart(page, step, 'after', t('After'), sample.after),
    ),
  );
}

function codePart(page: Page, step: PlanStepView, key: string, title: string, code: string): ElementNode {
  const name = t('{0}, code of step {1}', title, step.title);
  return h(
    'div',
    { key, class: 'sql-part' },
    h('h5', null, title),
    sqlBlock({ name, sql: code, onCopy: () => page.send({ kind: 'copy', text: code }), onOpen: null }),
  );
}
