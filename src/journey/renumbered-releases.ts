import path from 'node:path';
import type { LoadedPlan, Release } from '../implement/scaffold/plan-file';
import type { RenumberedMigration } from '../layouts/renumber-migrations';
import { versionHolder, writtenVersion } from '../layouts/written-version';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { listPlans, loadPlan } from './plans';
import type { JourneyContext } from './workspace';

/** A plan that released migrations which get another version. */
export interface RenumberedReleases {
  planFolder: string;
  title: string;
  before: Release[];
  after: Release[];
}

/**
 * What plans have to say of their released files once these are renumbered; each plan that is concerned. Throws
 * `already-done` where a database of a plan has run one of them.
 */
export async function releasesToRenumber(
  context: JourneyContext,
  renumbered: readonly RenumberedMigration[],
): Promise<RenumberedReleases[]> {
  const found: RenumberedReleases[] = [];
  for (const { folder, plan, title } of await listPlans(context)) {
    if (plan === null) continue;
    const loaded = await loadPlan(context, folder);
    const after = loaded.releases.map((release) => {
      const own = renumbered.find(({ from }) => inWorkspace(context, from.upPath) === release.up.path);
      if (!own) return release;
      assertNotRun(loaded, release);
      return renamed(context, release, own);
    });
    if (after.some((release, index) => release !== loaded.releases[index]))
      found.push({ planFolder: folder, title, before: loaded.releases, after });
  }
  return found;
}

function renamed(context: JourneyContext, release: Release, { from, to }: RenumberedMigration): Release {
  const version = release.version === from.version ? to.version : writtenIn(to.upPath, to);
  const up = { ...release.up, path: inWorkspace(context, to.upPath) };
  const down =
    release.down && to.downPath ? { ...release.down, path: inWorkspace(context, to.downPath) } : release.down;
  return { ...release, version, up, down };
}

function writtenIn(file: string, { layout, version }: RenumberedMigration['to']): string {
  return writtenVersion(layout, path.basename(versionHolder(layout, file)))?.version ?? version;
}

function assertNotRun({ plan, environments }: LoadedPlan, { step, up }: Release): void {
  for (const [name, { steps }] of Object.entries(environments)) {
    const state = steps.find(({ id }) => id === step)?.state ?? 'blocked';
    if (['blocked', 'ready', 'rolled-back'].includes(state)) continue;
    throw new SwitchbackError(
      'already-done',
      t(
        '{0} is step {1} of the plan "{2}", which has been run on {3}. Its file has to keep its name.',
        path.basename(up.path),
        step,
        plan.title,
        name,
      ),
    );
  }
}

/** As plan.md names a file. */
function inWorkspace({ workspace }: JourneyContext, file: string): string {
  return path.relative(workspace.root, file).split(path.sep).join('/');
}
