import { t } from '../../messages/translate';
import { phaseTitle } from '../phase-title';
import type { PhaseView, StepView } from '../plan-document';
import type { Skeleton, SkeletonPhase, SkeletonStep } from './skeletons/skeleton';

/** The phases of a skeleton as documents show them. */
export function standalonePhases({ phases }: Pick<Skeleton, 'phases'>): PhaseView[] {
  let number = 0;
  return phases.map((phase) => ({
    name: phase.name,
    title: phaseTitle(phase.name),
    goal: phase.goal,
    steps: phase.steps.map((step): StepView => {
      number += 1;
      return stepView(step, phase, number);
    }),
  }));
}

function stepView(step: SkeletonStep, phase: SkeletonPhase, number: number): StepView {
  return {
    id: step.id,
    number,
    phase: phaseTitle(phase.name),
    kind: kindName(step.kind),
    title: step.title,
    action: step.action,
    lock: null,
    gates: [],
    rollback: step.rollback,
    verification: step.verification,
    forwardRegion: null,
    rollbackRegion: null,
    verifyRegion: null,
    forwardFile: null,
    rollbackFile: null,
    details: [],
    sample: null,
    rollbackInstruction: step.rollback,
  };
}

function kindName(kind: SkeletonStep['kind']): string {
  switch (kind) {
    case 'database':
      return t('in the database');
    case 'release':
      return t('a release of the application');
    case 'check':
      return t('a check');
    case 'wait':
      return t('a wait');
  }
}
