import type { Assessment } from '../../src/assess/assessment';
import type { Change } from '../../src/assess/change';
import type { Session } from '../../src/database/session';
import { createPlan } from '../../src/plan/create-plan';
import { defaultPlanOptions, type Plan, type PlanOptions } from '../../src/plan/plan';
import { loadParser } from '../../src/sql/parser';
import { assessmentOf } from './assessment';

/** The plan of a change on a real table, for the plain layout. */
export async function planned(
  session: Session,
  change: Change,
  assessment?: Assessment,
  options: Partial<PlanOptions> = {},
): Promise<{ plan: Plan; notes: string[] }> {
  return createPlan({
    change,
    assessment: assessment ?? (await assessmentOf(session, change)),
    options: { ...defaultPlanOptions, ...options },
    layout: { id: 'plain', folder: 'migrations' },
    parser: await loadParser(),
    now: new Date('2026-01-01T00:00:00Z'),
  });
}
