import type { PlanAnswers } from '../../assess/plan-answers';
import type { Prerequisite } from '../../assess/prerequisites';
import type { LoadedPlan, StoredPrerequisite, StoredScope } from './plan-file';

/** What people said, as the front matter keeps it. */
export function storedScope({ scope, deadline }: PlanAnswers): StoredScope {
  const { systems, users, downtime } = scope;
  return { systems, users, downtime, deadline };
}

/** The prerequisites as the front matter keeps them: a person's word stays beside evidence that came later. */
export function storedPrerequisites(
  prerequisites: readonly Prerequisite[],
  { confirmations }: PlanAnswers,
): StoredPrerequisite[] {
  return prerequisites.map(({ id, state, by }) => {
    const word = confirmations.findLast((item) => item.id === id);
    return {
      id,
      state,
      evidence: by?.kind === 'evidence' ? by.text : null,
      confirmed: word ? { name: word.name, at: word.at, note: word.note } : null,
    };
  });
}

/** What people said of a plan that is on disk. */
export function answersOf(loaded: Pick<LoadedPlan, 'scope' | 'prerequisites'>): PlanAnswers {
  const { systems, users, downtime, deadline } = loaded.scope;
  return {
    scope: { systems, users, downtime },
    deadline,
    confirmations: loaded.prerequisites.flatMap(({ id, confirmed }) =>
      confirmed ? [{ id, ...confirmed }] : [],
    ),
  };
}
