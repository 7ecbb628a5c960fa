import path from 'node:path';
import type { MigrationStatus } from '../layouts/layout';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Database } from './database';
import { listReleasedPlans, type ListedPlan, type PlanSummary } from './plans';
import type { JourneyContext } from './workspace';

/** By absolute path of the migration that was released: its plan. */
export function plansOfMigrations(root: string, plans: readonly ListedPlan[]): Map<string, PlanSummary> {
  return new Map(
    plans.flatMap(({ summary, releases }) =>
      releases.map(({ up }): [string, PlanSummary] => [path.join(root, ...up.path.split('/')), summary]),
    ),
  );
}

/**
 * Throws `gate-not-held` for a migration of a plan: beyond development it is run as its step, behind the plan's gates and in
 * the plan's order. Those of an abandoned plan are migrations like any other.
 */
export async function refuseMigrationsOfPlans(
  context: JourneyContext,
  { connection, sessions }: Pick<Database, 'connection' | 'sessions'>,
  upPaths: readonly string[],
): Promise<void> {
  if (connection.environment === 'development') return;
  const plans = plansOfMigrations(context.workspace.root, await listReleasedPlans(context));
  for (const upPath of upPaths) {
    const plan = plans.get(upPath);
    if (!plan || plan.state === 'abandoned') continue;
    throw new SwitchbackError(
      'gate-not-held',
      t(
        '{0} is a step of the plan "{1}", which has gates for {2}. Nothing was run. Open the plan, or use "switchback apply {3}" and "switchback rollback {3}".',
        path.relative(context.workspace.root, upPath),
        plan.title,
        sessions.label,
        plan.id,
      ),
    );
  }
}

/** Absolute paths of the migrations that are there. */
export function pathsOf(statuses: readonly Pick<MigrationStatus, 'migration'>[]): string[] {
  return statuses.flatMap(({ migration }) => (migration ? [migration.upPath] : []));
}
