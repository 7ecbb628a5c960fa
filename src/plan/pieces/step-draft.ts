import type { BackfillStep, CheckStep, DeployStep, Phase, PhaseName, Step, SqlStep, WaitStep } from '../plan';

type Draft<S extends Step> = Omit<S, 'id' | 'gates'> & { slug: string };

/** A step before it has its number and gates. */
export type StepDraft =
  Draft<SqlStep> | Draft<BackfillStep> | Draft<DeployStep> | Draft<CheckStep> | Draft<WaitStep>;

export interface PhaseDraft {
  name: PhaseName;
  goal: string;
  steps: StepDraft[];
}

/** Gives each step its id `NN-slug`, counted through all phases. Phases without steps are kept. */
export function numberSteps(phases: readonly PhaseDraft[]): Phase[] {
  let number = 0;
  return phases.map((phase) => ({
    name: phase.name,
    goal: phase.goal,
    steps: phase.steps.map((draft): Step => {
      number += 1;
      const { slug, ...rest } = draft;
      return { ...rest, id: `${String(number).padStart(2, '0')}-${slug}`, gates: [] };
    }),
  }));
}

/** Lower-case ASCII words for a step's id, at most 40 characters. */
export function stepSlug(words: string): string {
  const ascii = words.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  return (
    ascii
      .toLowerCase()
      .slice(0, 40)
      .replace(/^-+|-+$/g, '') || 'step'
  );
}
