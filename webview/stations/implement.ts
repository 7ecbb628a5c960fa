import { t } from '../../src/messages/translate';
import type { BackfillView, RunView } from '../../src/protocol/wizard-state';
import { h, type Child } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button } from '../ui/components';
import { runSteps } from '../ui/run-steps';
import { actions, badge, callout, disclosure, section } from '../ui/sections';

/** Do it, in small steps: dry run, apply, backfill, release. */
export function implementStation(page: Page): Child {
  const { run } = page.state;
  if (!run) {
    return h(
      'p',
      { key: 'nothing', class: 'quiet' },
      t('Nothing to run yet. Create the plan and scaffold its files first.'),
    );
  }
  return [
    h('p', { key: 'state', class: 'lead' }, run.state),
    run.backfill ? backfillSection(page, run.backfill) : null,
    section('steps', t('Steps'), runSteps(page, run.steps, run.next, t('Steps of expand and migrate'))),
    run.dryRun ? dryRunSection(run.dryRun) : null,
    logSection(run),
    runActions(page, run),
  ];
}

function runActions(page: Page, run: RunView): Child {
  const busy = isBusy(page);
  const blocked = busy || run.next === null || run.hindrance !== null;
  const phase = page.state.plan?.phases.find((item) => item.name === run.releasable);
  return actions(
    run.hindrance ?? run.nextHint,
    phase
      ? button({
          label: t('Release {0}', phase.title),
          appearance: 'primary',
          disabled: busy,
          onClick: () => page.send({ kind: 'release-phase', phase: phase.name }),
        })
      : button({
          label: t('Apply Next Step'),
          appearance: 'primary',
          disabled: blocked,
          onClick: () => page.send({ kind: 'apply-next' }),
        }),
    button({ label: t('Apply Phase'), disabled: blocked, onClick: () => page.send({ kind: 'apply-phase' }) }),
    button({
      label: t('Dry Run'),
      disabled: busy || run.next === null,
      onClick: () => page.send({ kind: 'dry-run' }),
    }),
    button({ label: t('Rehearse Rollback'), disabled: busy, onClick: () => page.send({ kind: 'rehearse' }) }),
    button({
      label: t('Roll Back…'),
      disabled: busy || !run.canRollBack,
      onClick: () => page.send({ kind: 'roll-back' }),
    }),
    button({ label: t('Refresh'), disabled: busy, onClick: () => page.send({ kind: 'refresh' }) }),
  );
}

function backfillSection(page: Page, backfill: BackfillView): Child {
  const percent = Math.floor(backfill.share * 1000) / 10;
  const running = backfill.state === 'running' || backfill.state === 'holding';
  return section(
    'backfill',
    t('Backfill'),
    h(
      'div',
      { class: 'progress-row' },
      h('progress', { attributes: { max: 1, value: backfill.share, 'aria-label': t('Backfill progress') } }),
      h('span', { class: 'percent' }, `${percent} %`),
    ),
    h(
      'dl',
      { class: 'step-facts' },
      pair(t('State'), backfillWord(backfill.state)),
      pair(t('Rows'), backfill.rows),
      pair(t('Rate'), backfill.rate),
      pair(t('Time left'), backfill.remaining),
      pair(t('Batch'), backfill.batch),
    ),
    h(
      'div',
      { class: 'buttons' },
      button({
        label: t('Pause'),
        name: t('Pause Backfill'),
        disabled: !running,
        onClick: () => page.send({ kind: 'pause' }),
      }),
      button({
        label: t('Resume'),
        name: t('Resume Backfill'),
        disabled: backfill.state !== 'paused',
        onClick: () => page.send({ kind: 'resume' }),
      }),
      button({
        label: t('Cancel'),
        name: t('Cancel Backfill'),
        disabled: !running && backfill.state !== 'paused',
        onClick: () => page.send({ kind: 'cancel' }),
      }),
    ),
  );
}

function backfillWord(state: BackfillView['state']): string {
  switch (state) {
    case 'pending':
      return t('Waiting to start');
    case 'running':
      return t('Running');
    case 'holding':
      return t('Holding for others');
    case 'paused':
      return t('Paused');
    case 'done':
      return t('Done');
    case 'failed':
      return t('Failed');
    case 'cancelled':
      return t('Cancelled');
  }
}

function pair(label: string, value: string): Child {
  return value ? h('div', null, h('dt', null, label), h('dd', null, value)) : null;
}

function dryRunSection(dryRun: NonNullable<RunView['dryRun']>): Child {
  return section(
    'dry-run',
    t('Dry run'),
    callout(dryRun.tone, dryRun.title, h('p', null, dryRun.where)),
    h(
      'ul',
      { class: 'dry-run' },
      dryRun.lines.map((line) => h('li', null, badge(line.step, line.tone), ' ', line.text)),
    ),
  );
}

function logSection(run: RunView): Child {
  return disclosure(
    'log',
    t('Log'),
    true,
    h(
      'div',
      { class: 'log', attributes: { role: 'log', 'aria-label': t('Log of events'), tabindex: 0 } },
      run.log.length === 0
        ? h('p', { class: 'quiet' }, t('Nothing has run in this window.'))
        : h(
            'ol',
            null,
            run.log.map((entry) =>
              h(
                'li',
                { class: `tone-${entry.tone}` },
                h('time', null, entry.at),
                h('span', { class: 'log-step' }, entry.step ?? ''),
                h('span', null, entry.text),
              ),
            ),
          ),
    ),
  );
}
