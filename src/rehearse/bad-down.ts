import { compareCatalogs, gravestKind } from '../catalog/compare';
import { readCatalog } from '../catalog/read-catalog';
import { t } from '../messages/translate';
import { beyondShadow } from './beyond-shadow';
import { bareName, namesIn } from './names-in';
import type { MigrationRehearsal } from './rehearsal';
import type { RoundTrip } from './round-trip';
import type { ReplayedScript, ShadowRun, Snapshot } from './shadow-run';

/** So many of the migrations behind one are tried as its group. */
export const longestGroup = 3;

/** An up that a bad rollback made fail. */
export interface SpoiledUp {
  script: ReplayedScript;
  error: string;
}

/**
 * Goes up again from where a bad rollback left the shadow: the migration itself, where it was not run again, then the next one.
 * Gives the first that fails; null where none does. The shadow has to be restored afterwards.
 */
export async function upAfterBadDown(
  run: ShadowRun,
  trip: RoundTrip,
  next: RoundTrip | undefined,
  { rehearsal, after }: { rehearsal: MigrationRehearsal; after: Snapshot },
): Promise<SpoiledUp | null> {
  if (trip.up.byTool || trip.down?.byTool) return null;
  const scripts: ReplayedScript[] = next && !next.up.byTool ? [next.up] : [];
  if (rehearsal.verdict === 'down-fails') {
    // What was rolled back as a whole, and what failed at once, has changed nothing.
    if (run.compare(after, await run.snapshot()).length === 0) return null;
    scripts.unshift(trip.up);
  } else if (rehearsal.verdict !== 'differs' || rehearsal.reUp === 'error') return null;
  for (const script of scripts) {
    const outcome = await run.run(script);
    if (outcome.kind === 'error') return { script, error: outcome.error };
    if (outcome.kind !== 'ok') return null;
  }
  return null;
}

/** Whether a script fails in the present state, whatever came before; the shadow stays as it is. */
export async function failsAnyway(run: ShadowRun, script: ReplayedScript): Promise<boolean> {
  const outcome = await run.tryOut((inside) => inside.run(script));
  return outcome?.kind !== 'ok';
}

/**
 * The migrations behind it, as few as are needed, together with which the rollback is right: all up, all down in reverse, and the
 * schema is the one before. null without such. The shadow must be in the state after the migration at `index`, and stays there.
 */
export async function groupOf(
  run: ShadowRun,
  trips: readonly RoundTrip[],
  index: number,
  { before, after }: { before: Snapshot; after: Snapshot },
): Promise<RoundTrip[] | null> {
  const trip = trips[index]!;
  if (!(await canBeTried(run, trip))) return null;
  const objects = objectsNamed(trip, [before, after]);
  const group: RoundTrip[] = [];
  for (const follower of trips.slice(index + 1, index + 1 + longestGroup)) {
    const names = namesIn(follower.up.sql);
    if (!objects.some((name) => names.has(name)) || !(await canBeTried(run, follower))) return null;
    group.push(follower);
    if (await restoresTogether(run, [trip, ...group], before)) return group;
  }
  return null;
}

async function canBeTried(run: ShadowRun, { up, down }: RoundTrip): Promise<boolean> {
  if (down === null || up.byTool || down.byTool) return false;
  return (
    (await beyondShadow(up.sql, run.ground)) === null && (await beyondShadow(down.sql, run.ground)) === null
  );
}

/** Names, without schema and arguments, of the objects that a migration speaks of. */
function objectsNamed(trip: RoundTrip, states: readonly Snapshot[]): string[] {
  const names = namesIn(`${trip.up.sql}\n${trip.down?.sql ?? ''}`);
  const objects = states.flatMap(({ catalog }) => Object.keys(catalog.objects));
  const found = objects
    .filter((object) => !object.startsWith('schema '))
    .map((object) => bareName(object.replace(/\(.*$/, '')))
    .filter((name) => names.has(name));
  return [...new Set(found)];
}

async function restoresTogether(
  run: ShadowRun,
  group: readonly RoundTrip[],
  before: Snapshot,
): Promise<boolean> {
  const restored = await run.tryOut(async (inside) => {
    const scripts = [...group.slice(1).map(({ up }) => up), ...[...group].reverse().map(({ down }) => down!)];
    for (const script of scripts) if ((await inside.run(script)).kind !== 'ok') return false;
    const catalog = await readCatalog(inside.session, { signal: inside.signal });
    const ignoredObjects = run.ownObjects;
    const kind = gravestKind(compareCatalogs(before.catalog, catalog, { ignoredObjects }));
    return kind === null || kind === 'order';
  });
  return restored === true;
}

/** What is to be said of a rollback that is no good by itself. */
export function spoiledNote({ script, error }: SpoiledUp): string {
  return t('After this down, the next up ({0}) fails: {1}', script.label, error);
}

export function groupNote(group: readonly RoundTrip[]): string {
  return t(
    'Its rollback is right together with {0}: rolled back as a group, they restore the schema.',
    group.map(({ up }) => up.label).join(', '),
  );
}
