import { t } from '../../src/messages/translate';
import type { PlanOptionsView, PlanView } from '../../src/protocol/wizard-state';
import { h, type Child } from '../dom/element';
import { isBusy, type Page } from '../page';
import { button, dropdown, link, radioGroup, textField } from '../ui/components';
import { phaseBlock } from '../ui/phase';
import { noReturnCallout } from '../ui/no-return';
import { openPrerequisites } from '../ui/prerequisites';
import { actions, callout, disclosure, section } from '../ui/sections';

/** What will be done: strategy, options, three phases of steps. */
export function planStation(page: Page): Child {
  const { plan } = page.state;
  if (!plan)
    return h('p', { key: 'nothing', class: 'quiet' }, t('No plan yet. Assess the change, then create one.'));
  return [
    h('p', { key: 'where', class: 'lead' }, plan.layout),
    plan.notes.length > 0
      ? callout(
          'notice',
          t('Look at this yourself'),
          h(
            'ul',
            null,
            plan.notes.map((note) => h('li', null, note)),
          ),
        )
      : null,
    openPrerequisites(page),
    section('options', t('Strategy and options'), optionsForm(page, plan)),
    plan.phases.map((phase) => phaseBlock(page, phase)),
    noReturnCallout(plan.pointOfNoReturn),
    plan.scaffolded ? documents(page, plan) : null,
    actions(
      plan.scaffolded
        ? t('The files are in {0}.', plan.folder)
        : t(
            'Writes {0} with the documents and scripts, and the migration files of the next phase only.',
            plan.folder,
          ),
      button({
        label: plan.scaffolded ? t('Scaffold Again') : t('Scaffold'),
        appearance: plan.scaffolded ? 'secondary' : 'primary',
        disabled: isBusy(page),
        onClick: () => page.send({ kind: 'scaffold' }),
      }),
      plan.scaffolded
        ? button({
            label: t('Go On to Implement'),
            appearance: 'primary',
            onClick: () => page.send({ kind: 'go', station: 'implement' }),
          })
        : null,
    ),
  ];
}

function documents(page: Page, plan: PlanView): Child {
  return section(
    'documents',
    t('Documents'),
    h(
      'ul',
      { class: 'references' },
      plan.documents.map((document) =>
        h(
          'li',
          null,
          link(document.label, () => page.send({ kind: 'open-file', path: document.path, line: null })),
        ),
      ),
    ),
  );
}

interface NumberOption {
  key: Exclude<keyof PlanOptionsView, 'strategy' | 'dualWrite' | 'deploySteps'>;
  label: string;
  hint: string;
  /** The kind of step that follows it; null for all. */
  of: 'backfill' | 'wait' | null;
  /** How many of the shown units are one of the option's. */
  scale?: number;
}

/** Those that this plan has a use for. */
function numberOptions({ stepKinds }: PlanView): NumberOption[] {
  return allNumberOptions().filter(({ of }) => of === null || stepKinds.includes(of));
}

function allNumberOptions(): NumberOption[] {
  return [
    {
      key: 'batchMilliseconds',
      of: 'backfill',
      label: t('Batch time (ms)'),
      hint: t('The longest a client waits for a row.'),
    },
    {
      key: 'batchRows',
      of: 'backfill',
      label: t('Rows of the first batch'),
      hint: t('Later batches follow the batch time.'),
    },
    {
      key: 'vacuumShare',
      of: 'backfill',
      label: t('Vacuum after (% of rows)'),
      hint: t('Keeps the table from doubling; 0 never.'),
      scale: 100,
    },
    {
      key: 'deprecationDays',
      of: 'wait',
      label: t('Deprecation window (days)'),
      hint: t('Between switch and contract.'),
    },
    {
      key: 'lockTimeoutMilliseconds',
      of: null,
      label: t('Lock timeout (ms)'),
      hint: t('A statement gives up its place in the queue after this.'),
    },
  ];
}

function optionsForm(page: Page, plan: PlanView): Child {
  const edit = (changes: Partial<PlanOptionsView>, migrationFolder = plan.migrationFolder): void =>
    page.send({ kind: 'edit-options', options: { ...plan.options, ...changes }, migrationFolder });
  const chosen = plan.strategies.find((strategy) => strategy.id === plan.options.strategy);
  return [
    h(
      'div',
      { class: 'form' },
      dropdown({
        id: 'strategy',
        label: t('Strategy'),
        value: plan.options.strategy,
        options: plan.strategies.map((strategy) => ({ value: strategy.id, label: strategy.title })),
        onChange: (value) => edit({ strategy: value as PlanOptionsView['strategy'] }),
        hint: chosen?.why,
        disabled: plan.optionsLocked,
      }),
      plan.dualWriters.length > 0
        ? radioGroup({
            id: 'dual-write',
            label: t('Both columns are written'),
            value: plan.options.dualWrite,
            options: plan.dualWriters.map(({ id, title, why }) => ({ value: id, label: title, detail: why })),
            onChange: (value) =>
              edit(
                value === 'application'
                  ? { dualWrite: 'application' }
                  : { dualWrite: 'trigger', deploySteps: 'one' },
              ),
            disabled: plan.optionsLocked || isBusy(page),
          })
        : null,
      plan.deployChoices.length > 0
        ? radioGroup({
            id: 'deploys',
            label: t('The application moves over in'),
            value: plan.options.deploySteps,
            options: plan.deployChoices.map(({ id, title, why }) => ({
              value: id,
              label: title,
              detail: why,
            })),
            onChange: (value) => edit({ deploySteps: value === 'separate' ? 'separate' : 'one' }),
            disabled: plan.optionsLocked || isBusy(page),
          })
        : null,
      plan.migrationFolders.length > 1
        ? dropdown({
            id: 'migration-folder',
            label: t('Migrations folder'),
            value: plan.migrationFolder,
            options: plan.migrationFolders.map((folder) => ({ value: folder, label: folder })),
            onChange: (folder) => edit({}, folder),
            disabled: plan.optionsLocked,
          })
        : null,
      numberOptions(plan).map((option) => {
        const scale = option.scale ?? 1;
        return textField({
          id: option.key,
          label: option.label,
          value: String(Math.round(plan.options[option.key] * scale * 1000) / 1000),
          hint: option.hint,
          problem: plan.optionProblems[option.key],
          disabled: plan.optionsLocked,
          onCommit: (text) => edit({ [option.key]: text.trim() === '' ? NaN : Number(text) / scale }),
        });
      }),
    ),
    disclosure(
      'strategies',
      t('Why this strategy, and why not the others'),
      false,
      h(
        'dl',
        { class: 'alternatives' },
        plan.strategies.map((strategy) => [h('dt', null, strategy.title), h('dd', null, strategy.why)]),
      ),
    ),
  ];
}
