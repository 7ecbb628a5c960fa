import type { PlanAnswers } from '../../assess/plan-answers';
import { describePrerequisite, type Prerequisite } from '../../assess/prerequisites';
import type { ScopeProposal } from '../../assess/scope-proposal';
import { t } from '../../messages/translate';
import { section } from './format';

/** The scope with who says it, then the prerequisites with what holds each or what would settle it. */
export function prerequisitesText(
  prerequisites: readonly Prerequisite[],
  scope: ScopeProposal,
  answers: PlanAnswers,
): string {
  const line = (what: string, said: string | null, found: string, option: string): string =>
    said === null
      ? t('{0}: {1} (proposed; say it with --{2})', what, found, option)
      : t('{0}: {1}', what, said);
  const open = prerequisites.filter((item) => item.state === 'open').length;
  return [
    section(t('Scope'), [
      line(t('Systems'), answers.scope.systems, scope.systems, 'systems'),
      line(t('Users'), answers.scope.users, scope.users, 'users'),
      line(t('Expected downtime'), answers.scope.downtime, scope.downtime, 'downtime'),
    ]),
    section(
      t('Prerequisites: {0} of {1} held', prerequisites.length - open, prerequisites.length),
      prerequisites.map(
        (item) =>
          `[${item.state === 'held' ? t('held') : t('open')}] ${item.id}: ${item.title}. ${describePrerequisite(item)}`,
      ),
    ),
    open === 0 ? '' : t('Whoever answers for one that is open: --confirm-prerequisite ID=NAME\n'),
  ]
    .filter((part) => part !== '')
    .join('\n');
}
