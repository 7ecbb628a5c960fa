import { t } from '../../messages/translate';
import type { DocumentHead, PhaseView } from '../plan-document';
import type { RollbackDocument } from '../rollback-document';
import { signalRows, type Thresholds } from '../thresholds';
import type { KnownDatabase, RunbookAnswers } from './answers';
import { skeletonOf } from './skeletons/index';
import type { Skeleton, SkeletonPhase } from './skeletons/skeleton';
import { standalonePhases } from './standalone-phases';
import { standaloneTiers } from './standalone-tiers';

export interface StandaloneRunbook {
  head: DocumentHead;
  answers: RunbookAnswers;
  database: KnownDatabase | null;
  thresholds: Thresholds;
}

/** What rollback.md is filled from where there is no plan behind it. Pure. */
export function standaloneRunbook({
  head,
  answers,
  database,
  thresholds,
}: StandaloneRunbook): RollbackDocument {
  const skeleton = skeletonOf(answers.changeType);
  const phases = standalonePhases(skeleton);
  return {
    plan: head,
    database: database && { label: database.label, environment: answers.environment },
    contacts: contactsOf(answers, head),
    signals: signalRows(thresholds, null),
    strategies: skeleton.phases.flatMap((phase) => strategiesOf(phase, answers, skeleton)),
    noReturn: noReturnOf(answers, skeleton, phases),
    tiers: standaloneTiers(answers, database),
    phases: phases.toReversed().map((phase) => ({
      title: phase.title,
      steps: phase.steps.toReversed(),
      commands: null,
      withoutCommands: null,
      verification: [t('The proofs of its steps no longer hold; those of the phases before it still do.')],
      verify: null,
    })),
  };
}

function contactsOf(answers: RunbookAnswers, head: DocumentHead): RollbackDocument['contacts'] {
  const unsaid = t('not said when this document was written, on {0}', head.createdAt.slice(0, 10));
  return [
    { what: t('Environment'), answer: answers.environment },
    { what: t('Who decides'), answer: answers.decider ?? unsaid },
    { what: t('Where to look'), answer: answers.dashboard ?? unsaid },
    { what: t('Feature flag'), answer: answers.flag ?? t('there is none') },
    { what: t('Backup'), answer: answers.backup ?? unsaid },
  ];
}

function strategiesOf(
  phase: SkeletonPhase,
  answers: RunbookAnswers,
  skeleton: Skeleton,
): RollbackDocument['strategies'] {
  const title = standalonePhases({ phases: [phase] })[0]!.title;
  const at = phase.steps.findIndex((step) => step.id === skeleton.noReturn.step);
  const before = at < 0 ? phase.steps : phase.steps.slice(0, at);
  const rows: RollbackDocument['strategies'] = [];
  if (before.some((step) => step.kind === 'database')) {
    rows.push({
      phase: t('{0}, in the database', title),
      strategy: t('Script'),
      why: t('What was added or changed can be undone by its down script; no old value is gone.'),
    });
  }
  if (before.some((step) => step.kind === 'release')) {
    rows.push(
      answers.flag === null
        ? {
            phase: t('{0}, in the application', title),
            strategy: t('Traffic reroute'),
            why: t(
              'There is no flag. Traffic goes back to instances of the previous release, which works with the data as it is.',
            ),
          }
        : {
            phase: t('{0}, in the application', title),
            strategy: t('Feature flag'),
            why: t('The flag {0} is off in seconds, and nothing has to be released.', answers.flag),
          },
    );
  }
  if (at >= 0) {
    rows.push({
      phase: t('{0}, from step {1} on', title, phase.steps[at]!.id),
      strategy: t('Backup restore'),
      why: skeleton.noReturn.why,
    });
  }
  return rows;
}

function noReturnOf(
  answers: RunbookAnswers,
  { noReturn }: Skeleton,
  phases: readonly PhaseView[],
): RollbackDocument['noReturn'] {
  const step = phases.flatMap((phase) => phase.steps).find((candidate) => candidate.id === noReturn.step);
  const after = t(
    'Before it, the quick and the standard rollback are enough. From there on, only the full rollback is left.',
  );
  if (answers.noReturn !== null) return { milestone: answers.noReturn, why: noReturn.why, after };
  if (!step) {
    return {
      milestone: t('There is none.'),
      why: noReturn.why,
      after: t('The quick and the standard rollback are enough at any time, unless data is wrong.'),
    };
  }
  return { milestone: t('Step {0}, "{1}".', step.id, step.title), why: noReturn.why, after };
}
