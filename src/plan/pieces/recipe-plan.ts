import type { RecipePlan } from '../recipe';
import { numberSteps, type PhaseDraft } from './step-draft';

export interface RecipeDraft {
  /** Expand, migrate, contract; one without steps stays empty. */
  phases: readonly [PhaseDraft, PhaseDraft, PhaseDraft];
  /** The step, by its slug, from which on a rollback loses something; null where none does. */
  noReturn: { slug: string; why: string } | null;
  notes?: readonly string[];
}

/** A recipe's plan with its steps numbered. */
export function recipePlan({ phases, noReturn, notes = [] }: RecipeDraft): RecipePlan {
  const numbered = numberSteps(phases);
  const drafts = phases.flatMap((phase) => phase.steps);
  const at = drafts.findIndex((step) => step.slug === noReturn?.slug);
  const step = numbered.flatMap((phase) => phase.steps)[at];
  if (noReturn !== null && !step) throw new Error(`no step ${noReturn.slug} to be the point of no return`);
  return {
    phases: numbered,
    pointOfNoReturn: noReturn === null ? null : { step: step!.id, why: noReturn.why },
    notes: [...notes],
  };
}
