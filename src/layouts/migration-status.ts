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
  const latest = latestOf([...applied.keys()], order);
  const isBefore = (version: string): boolean => latest !== null && order(latest, version) > 0;
  const statuses = request.migrations.map((migration) => statusOf(migration, applied, isBefore, request));
  const known = new Set(
    request.migrations.flatMap((migration) => [migration.version, ...(migration.codeVersions ?? [])]),
  );
  for (const [version, row] of applied) {
    if (known.has(version)) continue;
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
    .filter(({ version }) => layout.compare(version, baseline.version) <= 0)
    .map(({ version }) => [version, { ...baseline, version }]);
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
  const state = row === null ? 'pending' : row.dirty ? 'failed' : 'applied';
  return {
    version: migration.version,
    name: migration.name,
    migration,
    state,
    flags: flagsOf(migration, row, isBefore, request),
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
  const up = request.up.get(migration.version) ?? null;
  const down = request.down.get(migration.version) ?? null;
  if (!row && isBefore(migration.version)) flags.push('out-of-order');
  if (row?.contentHash && up && !isRecorded(request.layout, up, row.contentHash)) flags.push('edited');
  // A file of both directions may have no part for the way back.
  if (migration.downPath === null || request.down.get(migration.version) === null) flags.push('no-down');
  if ([up, down].some((script) => script !== null && irreversibleReason(script) !== null)) {
    flags.push('irreversible');
  }
  return flags;
}

function isRecorded(layout: StatusRequest['layout'], up: MigrationScript, recorded: string): boolean {
  return layout.acceptsHash ? layout.acceptsHash(up, recorded) : layout.recordedHash(up) === recorded;
}
