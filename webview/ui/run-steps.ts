import { t } from '../../src/messages/translate';
import type { Tone } from '../../src/protocol/facts';
import type { GateView, RunStepView } from '../../src/protocol/wizard-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button } from './components';
import { badge, callout, stepStateBadge } from './sections';

/** Steps with their states, errors and gates; the next one is marked. */
export function runSteps(
  page: Page,
  steps: readonly RunStepView[],
  next: string | null,
  name: string,
): ElementNode {
  return h(
    'ol',
    { key: `steps:${name}`, class: 'run-steps', attributes: { 'aria-label': name } },
    steps.map((step) => runStep(page, step, step.id === next)),
  );
}

function runStep(page: Page, step: RunStepView, isNext: boolean): ElementNode {
  return h(
    'li',
    {
      key: step.id,
      class: `run-step state-${step.state} ${isNext ? 'is-next' : ''}`.trim(),
      attributes: { 'aria-current': isNext ? 'true' : null },
    },
    h(
      'div',
      { class: 'step-head' },
      stepStateBadge(step.state),
      h('h4', null, step.title),
      h('span', { class: 'quiet' }, `${step.kind} · ${step.phase}`),
    ),
    step.detail ? h('p', { class: 'step-detail' }, step.detail) : null,
    step.error ? callout('bad', t('This step failed'), h('p', null, step.error)) : null,
    isNext && step.instructions ? deploy(page, step) : null,
    isNext && step.gates.length > 0 ? gates(page, step.gates) : null,
  );
}

function deploy(page: Page, step: RunStepView): Child {
  return callout(
    'notice',
    t('Release the application'),
    h('p', null, step.instructions ?? ''),
    button({
      label: t('Confirm Deployment'),
      disabled: isBusy(page),
      onClick: () => page.send({ kind: 'confirm-deploy', step: step.id }),
    }),
  );
}

const gateTones: Record<GateView['state'], Tone> = {
  held: 'good',
  waived: 'notice',
  failed: 'bad',
  unknown: 'neutral',
};

function gates(page: Page, list: readonly GateView[]): Child {
  return h(
    'ul',
    { class: 'gates', attributes: { 'aria-label': t('Gates') } },
    list.map((gate) =>
      h(
        'li',
        { key: gate.kind, class: 'gate' },
        badge(gateWord(gate.state), gateTones[gate.state]),
        h(
          'span',
          { class: 'gate-text' },
          h('strong', null, gate.title),
          gate.reason ? ` ${gate.reason}` : null,
        ),
        gate.canConfirm
          ? button({
              label: t('Confirm'),
              name: t('Confirm Gate: {0}', gate.title),
              disabled: isBusy(page),
              onClick: () => page.send({ kind: 'confirm-gate', gate: gate.kind }),
            })
          : null,
        gate.canWaive
          ? button({
              label: t('Waive…'),
              name: t('Waive Gate: {0}', gate.title),
              disabled: isBusy(page),
              onClick: () => page.send({ kind: 'waive-gate', gate: gate.kind }),
            })
          : null,
      ),
    ),
  );
}

function gateWord(state: GateView['state']): string {
  switch (state) {
    case 'held':
      return t('Held');
    case 'waived':
      return t('Waived');
    case 'failed':
      return t('Not held');
    case 'unknown':
      return t('Not checked');
  }
}
