import { noScopeAnswers, type ScopeAnswers } from '../documents/scope-answers';
import type { PrerequisiteConfirmation } from './prerequisites';

/** What people said of a plan; it is no part of what is approved. */
export interface PlanAnswers {
  scope: ScopeAnswers;
  /** The ISO day by which all must be done; null where nobody said one. */
  deadline: string | null;
  confirmations: readonly PrerequisiteConfirmation[];
}

export const noPlanAnswers: PlanAnswers = { scope: noScopeAnswers, deadline: null, confirmations: [] };

/** `later` on top of `earlier`: what it leaves open stays as it was, a second word for a prerequisite counts. */
export function mergeAnswers(earlier: PlanAnswers, later: PlanAnswers): PlanAnswers {
  const confirmed = new Set(later.confirmations.map((item) => item.id));
  return {
    scope: {
      systems: later.scope.systems ?? earlier.scope.systems,
      users: later.scope.users ?? earlier.scope.users,
      downtime: later.scope.downtime ?? earlier.scope.downtime,
    },
    deadline: later.deadline ?? earlier.deadline,
    confirmations: [
      ...earlier.confirmations.filter((item) => !confirmed.has(item.id)),
      ...later.confirmations,
    ],
  };
}

/** True for an ISO day that exists: `2026-03-31`, not `2026-02-30`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}
