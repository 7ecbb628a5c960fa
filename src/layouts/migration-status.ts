import type {
  AppliedMigration,
  History,
  Layout,
  Migration,
  MigrationFlag,
  MigrationScript,
  MigrationStatus,
} from './layout';
import { irreversibleReason } from './markers';
import { isRecorded, runsAgain } from './runs-again';
import { versionOrder } from './version-order';
import { wholeHistory } from './whole-history';

export interface StatusRequest {
  migrations: readonly Migration[];
  /** null where no database is connected: everything is pending. */
  history: History | null;
  /** Its order of versions, and the checksum it would record of a script now. */
  layout: Pick<Layout, 'compare' | 'orderedByList' | 'recordedHash' | 'acceptsHash'>;
  /** The scripts that could be read, by version; null where there is none. */
  up: ReadonlyMap<string, MigrationScript | null>;
  down: ReadonlyMap<string, MigrationScript | null>;
}

/** The state of each migration of a folder, and of those only the database knows, in version order. */
export function migrationStatuses(request: StatusRequest): MigrationStatus[] {
  const applied = appliedByVersion(request);
  const order = versionOrder(request.layout, request.migrations);
  const latest = latestOf(inOrder(applied), order);
  const isSkipped = skippedBy(request);
  const isBefore = (version: string): boolean => latest !== null && order(latest, version) > 0;
  const statuses = request.migrations.map((migration) => {
    const status = statusOf(migration, applied, isBefore, request);
    return status.state === 'pending' && isSkipped(migration)
      ? { ...status, state: 'skipped' as const }
      : status;
  });
  const known = new Set(
    request.migrations.flatMap((migration) => [migration.version, ...(migration.codeVersions ?? [])]),
  );
  for (const [version, row] of applied) {
    // A baseline's row says what is applied, with its file or without.
    if (known.has(version) || (row.kind === 'baseline' && !row.dirty)) continue;
    statuses.push({
      version,
      name: row.name ?? '',
      migration: null,
      state: row.dirty ? 'failed' : 'missing',
      flags: [],
      applied: row,
    });
  }
  return statuses.sort((a, b) => order(a.version, b.version));
}

/** The first row of a cumulative history stands for every migration of the folder up to it, rows of their own or not. */
function appliedByVersion(request: StatusRequest): Map<string, AppliedMigration> {
  const { migrations } = request;
  if (!request.history) return new Map();
  const history = wholeHistory(request.history, migrations);
  const latest = history.applied[0];
  if (!history.cumulative || !latest)
    return new Map([...belowBaseline(request), ...ownRows(history, migrations)]);
  const first = migrations[0];
  // Below all versions and dirty: taking back the first migration failed.
  if (BigInt(latest.version) < 0n) return new Map(first && latest.dirty ? [[first.version, latest]] : []);
  const before = migrations
    .filter((migration) => BigInt(migration.version) < BigInt(latest.version))
    .map((migration): [string, AppliedMigration] => [
      migration.version,
      { ...latest, version: migration.version, name: null, contentHash: null, dirty: false },
    ]);
  return new Map([...before, ...ownRows(history, migrations)]);
}

/** Rows of another project than the folder's are none of its migrations. */
function ownRows(history: History, migrations: readonly Migration[]): [string, AppliedMigration][] {
  const project = migrations[0]?.planned?.project;
  const own = history.applied.filter(
    (row) => row.project === undefined || project === undefined || row.project === project,
  );
  return own.map((row) => [row.version, row]);
}

/** The migrations of the folder that a baseline stands for. */
function belowBaseline({ migrations, history, layout }: StatusRequest): [string, AppliedMigration][] {
  const baseline = history?.baseline;
  if (!baseline) return [];
  return migrations
    .filter(({ version, kind }) => !kind && layout.compare(version, baseline.version) <= 0)
    .map(({ version }) => [version, { ...baseline, version }]);
}

/** The applied versions that others are before or behind. */
function inOrder(applied: ReadonlyMap<string, AppliedMigration>): string[] {
  return [...applied].filter(([, row]) => row.kind !== 'repeatable').map(([version]) => version);
}

/**
 * Which migrations the tool passes over here: on an empty history all up to the last baseline of the folder, on any other
 * the baselines.
 */
function skippedBy({ migrations, history, layout }: StatusRequest): (migration: Migration) => boolean {
  const last = migrations.findLast(({ kind }) => kind === 'baseline');
  if (!last || !history) return () => false;
  const isEmpty = !history.baseline && history.applied.every(({ kind }) => kind === 'repeatable');
  return (migration) =>
    isEmpty
      ? migration !== last && layout.compare(migration.version, last.version) < 0
      : migration.kind === 'baseline';
}

function latestOf(versions: readonly string[], compare: Layout['compare']): string | null {
  return versions.reduce<string | null>(
    (latest, version) => (latest === null || compare(version, latest) > 0 ? version : latest),
    null,
  );
}

function statusOf(
  migration: Migration,
  applied: ReadonlyMap<string, AppliedMigration>,
  isBefore: (version: string) => boolean,
  request: StatusRequest,
): MigrationStatus {
  const row = applied.get(migration.version) ?? null;
  const again = row !== null && runsAgain(request.layout, migration, row, upOf(migration, request));
  const state = row === null || again ? 'pending' : row.dirty ? 'failed' : 'applied';
  return {
    version: migration.version,
    name: migration.name,
    migration,
    state,
    flags: [...(again ? (['runs-again'] as const) : []), ...flagsOf(migration, row, isBefore, request)],
    applied: row,
  };
}

function flagsOf(
  migration: Migration,
  row: AppliedMigration | null,
  isBefore: (version: string) => boolean,
  request: StatusRequest,
): MigrationFlag[] {
  const flags: MigrationFlag[] = [];
  const up = upOf(migration, request);
  const down = request.down.get(migration.version) ?? null;
  if (!row && !migration.kind && isBefore(migration.version)) flags.push('out-of-order');
  if (!migration.repeats && row?.contentHash && up && !isRecorded(request.layout, up, row.contentHash))
    flags.push('edited');
  // A file of both directions may have no part for the way back; a repeatable one or a baseline never has any.
  const hasNoDown = migration.downPath === null || request.down.get(migration.version) === null;
  if (hasNoDown && !migration.kind) flags.push('no-down');
  if ([up, down].some((script) => script !== null && irreversibleReason(script) !== null)) {
    flags.push('irreversible');
  }
  return flags;
}

function upOf({ version }: Migration, { up }: StatusRequest): MigrationScript | null {
  return up.get(version) ?? null;
}
