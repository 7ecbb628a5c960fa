import path from 'node:path';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { preparationOf, searchPathOf } from '../layouts/preparation';
import type { Layout, Migration } from '../layouts/layout';
import { runOnEmpty } from '../layouts/run-on-empty';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { lacksExtension, missingExtension } from '../rehearse/missing-extension';
import { runScript } from '../rehearse/run-script';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import type { ReplayedScript } from '../rehearse/shadow-run';
import type { Shadow } from '../shadow/shadow';
import { layoutAt } from './migrations';
import { toolInShadow } from './tool-in-shadow';
import type { JourneyContext } from './workspace';
import { migrationTitle } from '../layouts/migration-title';

/** What brings an empty database to a state: the tool's own table, then the ups of the migrations before. */
export interface Replay {
  prepare: string[];
  before: ReplayedScript[];
}

/** The replay of the migrations of the team's folder that come before a plan's own files. */
export async function replayBeforePlan(
  context: JourneyContext,
  loaded: LoadedPlan,
  shadow: Shadow | null = null,
): Promise<Replay> {
  const { layout, migrations } = await migrationsBeforePlan(context, loaded);
  return replay(context, layout, migrations, shadow);
}

/** The migrations of the team's folder that come before a plan's own files, as they run on an empty database. */
export async function migrationsBeforePlan(
  context: JourneyContext,
  loaded: LoadedPlan,
): Promise<{ layout: Layout; migrations: readonly Migration[] }> {
  const layout = await layoutAt(context, loaded.plan.layout.id, loaded.plan.layout.folder);
  const folder = path.join(context.workspace.root, ...loaded.plan.layout.folder.split('/'));
  const migrations = await layout.list(folder, context.files);
  const released = new Set(
    loaded.releases.map((release) => path.join(context.workspace.root, ...release.up.path.split('/'))),
  );
  const first = migrations.findIndex((migration) => released.has(migration.upPath));
  return { layout, migrations: runOnEmpty(migrations, first < 0 ? migrations.length : first) };
}

/** The ups of migrations, in the order given; programs are run in `shadow` by their tool. Throws as `toolInShadow`. */
export async function replay(
  context: JourneyContext,
  layout: Layout,
  migrations: readonly Migration[],
  shadow: Shadow | null = null,
): Promise<Replay> {
  const byTool = toolInShadow(context, layout, migrations, shadow);
  const before: ReplayedScript[] = [];
  for (const migration of migrations) {
    const script = await layout.script(migration, 'up', context.files);
    if (script)
      before.push({
        sql: script.sql,
        transaction: script.transaction,
        ...searchPathOf(layout, migration),
        label: migrationTitle(migration),
        byTool: byTool?.(migration, 'up'),
      });
  }
  const first = migrations[0];
  return { prepare: first ? preparationOf(layout, first) : [], before };
}

/** Empties a shadow database and replays into it. Throws `verification-failed` naming what fails there. */
export async function replayInto(
  context: JourneyContext,
  shadow: Shadow,
  { prepare, before }: Replay,
): Promise<void> {
  const session = await shadow.reset(context.signal);
  try {
    for (const sql of prepare) await session.script(sql);
    for (const script of before) {
      context.progress.report({ message: t('Replaying {0}', script.label) });
      const outcome = await runScript(session, script, {
        ground: shadow.kind,
        watchdogMilliseconds: defaultWatchdogMilliseconds,
        signal: context.signal,
      });
      if (outcome.kind !== 'ok') {
        const extension = missingExtension(outcome.error);
        throw new SwitchbackError(
          'verification-failed',
          extension === null
            ? t(
                '{0} fails in the shadow database: {1} Correct it, or use a server as shadow.',
                script.label,
                outcome.error,
              )
            : lacksExtension(script.label, extension, outcome.error),
        );
      }
    }
  } finally {
    await session.close();
  }
}
