import type { Direction, Layout, Migration, MigrationScript } from '../layouts/layout';
import { irreversibleReason } from '../layouts/markers';
import { preparationOf, searchPathOf } from '../layouts/preparation';
import { compareVersions } from '../layouts/versions';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Progress } from '../ports/progress';
import type { Shadow } from '../shadow/shadow';
import type { MigrationRehearsal, Rehearsal } from './rehearsal';
import { failsAnyway, groupNote, groupOf, longestGroup, spoiledNote, upAfterBadDown } from './bad-down';
import { missingExtension, needsExtension, withoutExtension } from './missing-extension';
import { MigrationMeasurement } from './migration-measurement';
import { roundTrip, type RoundTrip } from './round-trip';
import { addRows, tripWithRows } from './row-trip';
import type { KnownValues } from './seed/known-values';
import { ShadowRun, type ReplayedScript, type Snapshot } from './shadow-run';
import { migrationTitle } from '../layouts/migration-title';

export const defaultWatchdogMilliseconds = 60_000;

/** Undefined for a migration whose SQL says it all. */
export type RunInShadow = (
  migration: Migration,
  direction: Direction,
) => ((signal: AbortSignal) => Promise<void>) | undefined;

export interface RehearseRequest {
  /** Emptied before and while it is used. The caller disposes of it. */
  shadow: Shadow;
  layout: Layout;
  /** All migrations of the folder, in order. */
  migrations: readonly Migration[];
  /** Version to begin with; null: the first. Those before are replayed. */
  from: string | null;
  /** Version to end with; null: the last. */
  to: string | null;
  /** Whether one between the first and the last is rehearsed too, and not only run; all of them unless said. */
  isRehearsed?: (migration: { version: string }) => boolean;
  /** Told of each as it begins. */
  onRehearsing?: (migration: { version: string; name: string }) => void;
  /** Told of each as it is over. */
  onRehearsed?: (rehearsal: MigrationRehearsal) => void;
  /** Brings the empty shadow to the state before the first of `migrations`; nothing unless said. */
  base?: readonly ReplayedScript[];
  files: Files;
  /** How a migration is run in the shadow by its tool, where that has to run it. */
  byTool?: RunInShadow;
  /** False: no generated rows, so that only what migrations write themselves is seen lost. True unless said. */
  rows?: boolean;
  /** Records what each statement locks, writes anew and scans, on the way; not unless said. */
  measure?: boolean;
  /** A script that runs longer is stopped; 60 s unless said. */
  watchdogMilliseconds?: number;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Rehearses each migration in the shadow database: up, down, up, the catalog compared each time, the next one
 * from a clean state whatever the one before did. Throws `verification-failed` when the state before `from`
 * cannot be reached, `not-found` for a version that is not there.
 */
export async function rehearse(request: RehearseRequest): Promise<Rehearsal> {
  const { shadow, layout, signal } = request;
  const [first, last] = [
    indexOf(request, request.from, 0),
    indexOf(request, request.to, request.migrations.length - 1),
  ];
  const trips: RoundTrip[] = [];
  for (const migration of request.migrations.slice(0, last + 1)) trips.push(await tripOf(request, migration));
  const followers = await followersOf(request, last);
  const prepare = request.migrations[0] ? preparationOf(layout, request.migrations[0]) : [];
  const watchdogMilliseconds = request.watchdogMilliseconds ?? defaultWatchdogMilliseconds;
  const run = new ShadowRun(shadow, prepare, { watchdogMilliseconds, signal });
  try {
    await run.start(
      [...(request.base ?? []), ...trips.slice(0, first).map((trip) => trip.up)],
      (script, index) =>
        request.progress.report({ message: t('Replaying {0}', script.label), share: index / trips.length }),
    );
    const migrations = await rehearseAll(run, { trips, followers, first }, request);
    return { migrations, shadow: { kind: shadow.kind, engine: shadow.engine, version: shadow.version } };
  } finally {
    await run.close();
  }
}

/** What comes after the last that is rehearsed: where its rollback is bad, it matters to them. */
async function followersOf(request: RehearseRequest, last: number): Promise<RoundTrip[]> {
  const followers: RoundTrip[] = [];
  for (const migration of request.migrations.slice(last + 1, last + 1 + longestGroup)) {
    const trip = await tripOf(request, migration).catch((error: unknown) => {
      if (isSwitchbackError(error, 'not-found')) return null;
      throw error;
    });
    if (trip === null) break;
    followers.push(trip);
  }
  return followers;
}

interface Range {
  /** From the first migration of the folder to the last that is rehearsed. */
  trips: readonly RoundTrip[];
  followers: readonly RoundTrip[];
  first: number;
}

async function rehearseAll(
  run: ShadowRun,
  { trips, followers, first }: Range,
  request: RehearseRequest,
): Promise<MigrationRehearsal[]> {
  const rehearsed: MigrationRehearsal[] = [];
  const known: KnownValues = new Map();
  let before = await run.snapshot();
  for (const [index, trip] of trips.entries()) {
    if (index < first) continue;
    if (request.isRehearsed?.(trip) === false) {
      await run.goOn(trip.up);
      before = await run.snapshot();
      continue;
    }
    request.progress.report({ message: t('Rehearsing {0}', trip.up.label), share: index / trips.length });
    request.onRehearsing?.(trip);
    const withRows = request.rows === false ? null : await tripWithRows(run, trip, before, known);
    const { layout, files } = request;
    const source = { migration: request.migrations[index]!, layout, files };
    const measurement = request.measure ? new MigrationMeasurement(run, trip, source, known) : null;
    await measurement?.up(before);
    const beforeDown = measurement ? (after: Snapshot) => measurement.down(after) : undefined;
    const { rehearsal, after, clean } = await roundTrip(run, trip, before, beforeDown);
    measurement?.addTo(rehearsal);
    if (withRows !== null) addRows(rehearsal, withRows);
    rehearsed.push(rehearsal);
    const next = after ?? (await goOnAfterFailure(run, trip, rehearsal));
    if (after === null) rehearsal.notes.push(...notesAfterFailure(next, trips.length - index - 1));
    else await comeBack(run, [...trips, ...followers], index, { rehearsal, before, after, clean });
    request.onRehearsed?.(rehearsal);
    if (next === null) break;
    before = next;
  }
  return rehearsed;
}

function notesAfterFailure(next: Snapshot | null, left: number): string[] {
  if (next !== null || left === 0) return [];
  if (left === 1) return [t('1 migration after it was not rehearsed: that one needs what it makes.')];
  return [t('{0} migrations after it were not rehearsed: they need what it makes.', left)];
}

interface Rehearsed {
  rehearsal: MigrationRehearsal;
  before: Snapshot;
  after: Snapshot;
  clean: boolean;
}

/** Brings the shadow to the state after the up, and says of a bad rollback what it means for what follows. */
async function comeBack(
  run: ShadowRun,
  trips: readonly RoundTrip[],
  index: number,
  { rehearsal, before, after, clean }: Rehearsed,
): Promise<void> {
  const trip = trips[index]!;
  const spoiled = clean ? null : await upAfterBadDown(run, trip, trips[index + 1], { rehearsal, after });
  if (clean) run.keep(trip.up);
  else await run.restore([trip.up]);
  if (spoiled !== null && (spoiled.script === trip.up || !(await failsAnyway(run, spoiled.script))))
    rehearsal.notes.push(spoiledNote(spoiled));
  if (!/^(?:differs|down-fails|empty-down)$/.test(rehearsal.verdict)) return;
  const group = await groupOf(run, trips, index, { before, after });
  if (group !== null) rehearsal.notes.push(groupNote(group));
}

/**
 * A file its tool cannot run may still work statement by statement, or without an extension that the shadow has not; the ones
 * after it can then be rehearsed.
 */
async function goOnAfterFailure(
  run: ShadowRun,
  trip: RoundTrip,
  rehearsal: MigrationRehearsal,
): Promise<Snapshot | null> {
  await run.restore();
  if (trip.up.byTool) return null;
  const extension = missingExtension(rehearsal.error ?? '');
  if (extension !== null) {
    rehearsal.error = needsExtension(extension, rehearsal.error!);
    const rest = { ...trip.up, sql: await withoutExtension(trip.up.sql, extension) };
    if ((await run.run(rest)).kind !== 'ok') {
      await run.restore();
      return null;
    }
    rehearsal.notes.push(t('Those after it were rehearsed without it.'));
    run.keep(rest);
    return run.snapshot();
  }
  if (trip.up.transaction === 'none') return null;
  const single: ReplayedScript = { ...trip.up, transaction: 'none' };
  const outcome = await run.run(single);
  if (outcome.kind !== 'ok') return null;
  rehearsal.notes.push(
    t('Those after it were rehearsed on what it makes when its statements run one by one.'),
  );
  run.keep(single);
  return run.snapshot();
}

async function tripOf({ layout, files, byTool }: RehearseRequest, migration: Migration): Promise<RoundTrip> {
  const up = await layout.script(migration, 'up', files);
  const down = await layout.script(migration, 'down', files);
  if (!up) {
    throw new SwitchbackError(
      'not-found',
      t(
        'Migration {0} has no up file {1}. Add it, or remove its down file.',
        migration.version,
        migration.upPath,
      ),
    );
  }
  const { version, name } = migration;
  const place = searchPathOf(layout, migration);
  return {
    version,
    name,
    path: migration.upPath,
    up: {
      sql: up.sql,
      transaction: up.transaction,
      ...place,
      label: migrationTitle({ version, name }),
      byTool: byTool?.(migration, 'up'),
    },
    down: down && {
      sql: down.sql,
      transaction: down.transaction,
      ...place,
      byTool: byTool?.(migration, 'down'),
    },
    irreversible: declared(up) ?? declared(down),
  };
}

function declared(script: MigrationScript | null): string | null {
  return script && irreversibleReason(script);
}

function indexOf({ migrations }: RehearseRequest, version: string | null, otherwise: number): number {
  if (version === null) return otherwise;
  const index = migrations.findIndex((migration) => isSameVersion(migration.version, version));
  if (index >= 0) return index;
  throw new SwitchbackError(
    'not-found',
    t('There is no migration {0}. Name a version of this folder.', version),
  );
}

function isSameVersion(one: string, other: string): boolean {
  return (
    one === other ||
    (/^\d+$/.test(one) &&
      /^\d+$/.test(other) &&
      compareVersions(one.replace(/^0+(?=\d)/, ''), other.replace(/^0+(?=\d)/, '')) === 0)
  );
}
