import { describePrerequisite, type Prerequisite } from '../../assess/prerequisites';
import { t } from '../../messages/translate';
import type { PrerequisitesView, PrerequisiteView, ScopeFieldId } from '../../protocol/wizard-state';
import { bytes } from '../format';
import { rowsText } from '../../templates/rows-text';
import type { WizardModel } from './wizard-model';

type Parts = Pick<
  WizardModel,
  'assessment' | 'answers' | 'scopeProposal' | 'prerequisites' | 'wrongDeadline'
>;

/** What the Assess station asks for and what it ends with; null before anything is known. */
export function prerequisitesView(model: Parts): PrerequisitesView | null {
  const { prerequisites, answers } = model;
  if (prerequisites.length === 0) return null;
  const { systems, users, downtime } = answers.scope;
  const complete = systems !== null && users !== null && downtime !== null;
  const open = prerequisites.filter((item) => item.state === 'open').length;
  const held = prerequisites.length - open;
  return {
    summary:
      open === 0
        ? t('All {0} are held.', prerequisites.length)
        : held === 1
          ? t('1 of {0} is held, {1} open.', prerequisites.length, open)
          : t('{0} of {1} are held, {2} open.', held, prerequisites.length, open),
    tone: open === 0 ? 'good' : 'notice',
    items: prerequisites.map(itemView),
    scope: {
      fields: scopeFields(model),
      volume: volumeOf(model),
      complete,
      hint: complete
        ? t('This is what plan.md says.')
        : t('Proposed from what was found. Correct it, or keep it as it is.'),
    },
  };
}

function itemView(item: Prerequisite): PrerequisiteView {
  return {
    id: item.id,
    title: item.title,
    held: item.state === 'held',
    state: stateWords(item),
    detail: describePrerequisite(item),
  };
}

function stateWords({ by }: Prerequisite): string {
  if (!by) return t('Open');
  switch (by.kind) {
    case 'evidence':
      return t('Held by evidence');
    case 'person':
      return t('Held by a person');
  }
}

function scopeFields(model: Parts): PrerequisitesView['scope']['fields'] {
  const { answers, scopeProposal, wrongDeadline } = model;
  const { systems, users, downtime } = answers.scope;
  const field = (
    id: ScopeFieldId,
    label: string,
    said: string | null,
    proposed: string,
    hint: string,
  ): PrerequisitesView['scope']['fields'][number] => ({
    id,
    label,
    value: said ?? proposed,
    hint,
    problem: null,
  });
  return [
    field('systems', t('Systems'), systems, scopeProposal?.systems ?? '', t('Services, jobs, reports.')),
    field('users', t('Users'), users, scopeProposal?.users ?? '', t('Who would notice, and how many.')),
    field(
      'downtime',
      t('Expected downtime'),
      downtime,
      scopeProposal?.downtime ?? '',
      t('In words; computed from the locks of the plan.'),
    ),
    {
      ...field(
        'deadline',
        t('Deadline (optional)'),
        answers.deadline,
        '',
        t('As 2026-12-31. The timeline is compared with it.'),
      ),
      ...(wrongDeadline === null
        ? {}
        : { value: wrongDeadline, problem: t('Type a day as 2026-12-31, or nothing.') }),
    },
  ];
}

function volumeOf({ assessment }: Parts): string {
  if (!assessment) return t('Assess again to see how much data is concerned.');
  const { table } = assessment;
  return table.rows.source === 'unknown'
    ? bytes(table.bytes.total)
    : t('{0}, {1}', rowsText(table.rows.count), bytes(table.bytes.total));
}
