import path from 'node:path';
import { readPlanProgress } from '../implement/plan-progress';
import { schemaState } from '../database/switchback-schema';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Shadow } from '../shadow/shadow';
import { appliedHistory } from './applied-history';
import type { Database } from './database';
import { migrationsBeforePlan, replay, type Replay } from './replay';
import { schemaBase, type SchemaBase } from './schema-base';
import type { JourneyContext } from './workspace';

/** The state before a plan as a database has it: its schema, then the migrations before the plan that it has not had. */
export interface PlanBase {
  base: SchemaBase;
  /** What the tool makes for itself, and the migrations that come after the schema. */
  rest: Replay;
}

/**
 * Reads the state before a plan from a database. Throws `already-done` where the database has had steps of the plan, so that its
 * schema is none before it; as `appliedHistory` and `schemaBase` do.
 */
export async function planBase(
  context: JourneyContext,
  database: Database,
  loaded: LoadedPlan,
  shadow: Shadow,
): Promise<PlanBase> {
  const { root } = context.workspace;
  const { layout, migrations } = await migrationsBeforePlan(context, loaded);
  const folder = path.join(root, ...loaded.plan.layout.folder.split('/'));
  const history = await appliedHistory(context, database.session, folder);
  const { statuses } = history.folder;
  const released = new Set(loaded.releases.map(({ up }) => path.join(root, ...up.path.split('/'))));
  const had = statuses.some(
    ({ state, migration }) => state !== 'pending' && released.has(migration?.upPath ?? ''),
  );
  if (had || (await hasBegun(database, loaded)))
    throw new SwitchbackError(
      'already-done',
      t(
        '{0} has had steps of this plan: its rows are not those before it. Rehearse the plan without them, or name a database where it has not begun.',
        database.sessions.label,
      ),
    );
  const pending = new Set(statuses.filter(({ state }) => state === 'pending').map(({ version }) => version));
  const after = migrations.filter(({ version }) => pending.has(version));
  const { prepare } = await replay(context, layout, migrations, shadow);
  const { before } = await replay(context, layout, after, shadow);
  return {
    base: await schemaBase(context, database, shadow, { table: history.table, prepare }),
    rest: { prepare, before },
  };
}

async function hasBegun({ session }: Database, { plan }: LoadedPlan): Promise<boolean> {
  if ((await schemaState(session)).kind === 'absent') return false;
  const { steps } = await readPlanProgress(session, plan);
  return steps.some(({ state }) => state !== 'blocked' && state !== 'ready' && state !== 'rolled-back');
}
