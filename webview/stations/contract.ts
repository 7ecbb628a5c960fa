import { t } from '../../src/messages/translate';
import type { ContractView } from '../../src/protocol/wizard-state';
import { h, type Child } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button } from '../ui/components';
import { phaseBlock } from '../ui/phase';
import { runSteps } from '../ui/run-steps';
import { noReturnCallout } from '../ui/no-return';
import { actions, badge, callout, section } from '../ui/sections';

/** The last section: what is removed once nobody needs it, and what cannot come back. */
export function contractStation(page: Page): Child {
  const { contract } = page.state;
  if (!contract)
    return h('p', { key: 'nothing', class: 'quiet' }, t('Contract comes after the plan was verified.'));
  return [
    contract.done ? completed(contract) : noReturnCallout(contract.pointOfNoReturn),
    contract.waits.length > 0 ? waits(page, contract) : null,
    ...(contract.steps.length === 0 ? [nothingToRemove(contract)] : contractWork(page, contract)),
  ];
}

function contractWork(page: Page, contract: ContractView): Child[] {
  const next = page.state.run?.next ?? null;
  return [
    section('contract-steps', t('Steps'), runSteps(page, contract.steps, next, t('Steps of contract'))),
    contract.phase && !contract.done ? phaseBlock(page, contract.phase) : null,
    contract.done ? null : contractActions(page, contract),
  ];
}

function nothingToRemove({ done }: ContractView): Child {
  if (done) return null;
  return h(
    'p',
    { key: 'nothing-to-remove', class: 'quiet' },
    t('This plan takes nothing away: it is complete when the steps before are done.'),
  );
}

function completed({ pointOfNoReturn }: ContractView): Child {
  return callout(
    'good',
    pointOfNoReturn === null
      ? t('The change is complete.')
      : t('The change is complete. Nothing of the old shape is left.'),
    pointOfNoReturn === null
      ? null
      : h('p', null, t('The point of no return is passed.'), ' ', pointOfNoReturn),
  );
}

function waits(page: Page, contract: ContractView): Child {
  return section(
    'waits',
    t('Before contract'),
    h(
      'ul',
      { class: 'gates' },
      contract.waits.map((wait) =>
        h(
          'li',
          { key: wait.step, class: 'gate' },
          badge(wait.state, wait.tone),
          h('span', { class: 'gate-text' }, wait.title),
          wait.canShorten
            ? button({
                label: t('Shorten Wait…'),
                name: t('Shorten Wait: {0}', wait.title),
                disabled: isBusy(page),
                onClick: () => page.send({ kind: 'shorten-wait', step: wait.step }),
              })
            : null,
        ),
      ),
    ),
  );
}

function contractActions(page: Page, contract: ContractView): Child {
  const busy = isBusy(page);
  return actions(
    contract.hindrance ?? t('Removes the old shape. Old application code stops working.'),
    contract.released
      ? button({
          label: t('Apply Contract'),
          appearance: 'primary',
          disabled: busy || contract.hindrance !== null,
          onClick: () => page.send({ kind: 'apply-contract' }),
        })
      : button({
          label: t('Release Contract'),
          appearance: 'primary',
          disabled: busy || contract.hindrance !== null,
          onClick: () => page.send({ kind: 'release-phase', phase: 'contract' }),
        }),
    button({ label: t('Refresh'), disabled: busy, onClick: () => page.send({ kind: 'refresh' }) }),
  );
}
