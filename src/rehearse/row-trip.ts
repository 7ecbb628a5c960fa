import { t } from '../messages/translate';
import { emptyKnownSchema } from '../safety/known-schema';
import { loadParser } from '../sql/parser';
import { beyondShadow } from './beyond-shadow';
import { comingChecks } from './measure/coming-checks';
import { bareName, namesIn } from './names-in';
import type { RoundTrip } from './round-trip';
import type { InsideOutcome } from './run-inside';
import type { KnownValues } from './seed/known-values';
import { withReferencedTables } from './seed/referenced-tables';
import { seedTables } from './seed/seed-tables';
import type { Inside, ShadowRun, Snapshot } from './shadow-run';
import { lostData, readRowsOf, type DataLoss } from './table-data';

/** What a migration and its rollback do with generated rows. */
export interface RowTrip {
  lost: DataLoss[];
  /** Which tables could not be filled, and what fails on a table with rows. */
  notes: string[];
}

/** Rows that each empty table gets: enough to show what is lost. */
const generatedRows = 20;

/** Most tables that are filled for one migration; the others stay empty. */
const mostTables = 40;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: check_violation */
const checkViolation = '23514';

/**
 * Fills the empty tables that a migration names, and those they reference, with generated rows, goes up and down and compares the
 * rows: in one transaction that is rolled back, so that the shadow is as it was before. null where no table wants rows.
 */
export async function tripWithRows(
  run: ShadowRun,
  trip: RoundTrip,
  before: Snapshot,
  known: KnownValues,
): Promise<RowTrip | null> {
  if (trip.up.byTool || trip.down?.byTool) return null;
  const named = namedTables(trip, before, run.ownObjects);
  if (named.length === 0 || (await mustNotRun(run, trip))) return null;
  const first = await tryWithRows(run, trip, { named, before, known, checks: new Map() });
  if (first === null || first.tables.length === 0) return null;
  let seen = first;
  if (seen.failure?.outcome.sqlstate === checkViolation) {
    const checks = await checksOf(trip.up.sql);
    const again = checks.size > 0 ? await tryWithRows(run, trip, { named, before, known, checks }) : null;
    if (again?.failure === null) seen = again;
  }
  if (seen.failure === null) return { lost: seen.lost, notes: seen.notes };
  const { direction, outcome } = seen.failure;
  if (await failsWithoutRows(run, trip, direction)) return { lost: [], notes: seen.notes };
  const table = outcome.table ?? seen.tables.filter((name) => named.includes(name)).join(', ');
  const note =
    direction === 'up'
      ? t('On generated rows the up fails ({0}): {1}', table, outcome.error)
      : t('On generated rows the down fails ({0}): {1}', table, outcome.error);
  return { lost: [], notes: [...seen.notes, note] };
}

/** Tables of the state before whose name stands anywhere in the migration: EXECUTE and the bodies of DO are read so, too. */
function namedTables(trip: RoundTrip, before: Snapshot, own: readonly string[]): string[] {
  const words = namesIn(`${trip.up.sql}\n${trip.down?.sql ?? ''}`);
  return before.followed.relations
    .filter(({ kind, object }) => /^[rp]$/.test(kind) && !own.includes(object))
    .map(({ object }) => object.slice('table '.length))
    .filter((name) => words.has(bareName(name)));
}

async function mustNotRun(run: ShadowRun, trip: RoundTrip): Promise<boolean> {
  for (const script of [trip.up, trip.down])
    if (script && (await beyondShadow(script.sql, run.ground)) !== null) return true;
  return false;
}

async function checksOf(sql: string): Promise<ReadonlyMap<string, readonly string[]>> {
  return comingChecks((await loadParser()).parse(sql).statements, emptyKnownSchema());
}

interface Filling {
  /** With their schemas, quoted where needed. */
  named: readonly string[];
  before: Snapshot;
  known: KnownValues;
  checks: ReadonlyMap<string, readonly string[]>;
}

interface SeenWithRows {
  /** Those that were filled. */
  tables: string[];
  lost: DataLoss[];
  notes: string[];
  failure: { direction: 'up' | 'down'; outcome: InsideOutcome & { kind: 'error' } } | null;
}

/** null where it ran too long. */
async function tryWithRows(run: ShadowRun, trip: RoundTrip, filling: Filling): Promise<SeenWithRows | null> {
  return run.tryOut(async (inside) => {
    const empty = await emptyTables(inside, filling);
    const seen: SeenWithRows = { tables: empty.map(({ name }) => name), lost: [], notes: [], failure: null };
    if (empty.length === 0) return seen;
    const { session, signal } = inside;
    seen.notes = await seedTables(session, {
      tables: empty.map(({ oid }) => oid),
      rows: generatedRows,
      checks: filling.checks,
      known: filling.known,
      analyze: false,
      signal,
    });
    const rows = await readRowsOf(session, seen.tables, signal);
    const failed = await upAndDown(inside, trip);
    if (failed !== null) return { ...seen, failure: failed };
    if (trip.down === null || trip.irreversible !== null) return seen;
    return { ...seen, lost: lostData(rows, await readRowsOf(session, seen.tables, signal)) };
  });
}

interface EmptyTable {
  name: string;
  oid: string;
}

/** By what they are called: the up of the state before was run a second time, and has made others. */
async function emptyTables({ session }: Inside, { named, before }: Filling): Promise<EmptyTable[]> {
  const empty = [...before.data].filter(([, { rows }]) => rows === 0).map(([name]) => name);
  const { rows: tables } = await session.query<EmptyTable>(
    `select name, to_regclass(name)::oid::text as oid from unnest($1::text[]) as name where to_regclass(name) is not null`,
    [[...new Set([...named, ...empty])]],
  );
  const isNamed = new Set(named);
  const isEmpty = new Set(empty);
  const start = tables.filter(({ name }) => isNamed.has(name)).map(({ oid }) => oid);
  const reached = new Set(await withReferencedTables(session, start));
  return tables.filter(({ name, oid }) => isEmpty.has(name) && reached.has(oid)).slice(0, mostTables);
}

async function upAndDown(inside: Inside, trip: RoundTrip): Promise<SeenWithRows['failure']> {
  const up = await inside.run(trip.up);
  if (up.kind === 'error') return { direction: 'up', outcome: up };
  if (trip.down === null || trip.irreversible !== null) return null;
  const down = await inside.run(trip.down);
  return down.kind === 'error' ? { direction: 'down', outcome: down } : null;
}

/** Whether something else than the rows is to blame: the migration itself, or that it cannot run in one transaction. */
async function failsWithoutRows(run: ShadowRun, trip: RoundTrip, direction: 'up' | 'down'): Promise<boolean> {
  const seen = await run.tryOut(async (inside) => ({ failure: await upAndDown(inside, trip) }));
  return seen === null || seen.failure?.direction === 'up' || seen.failure?.direction === direction;
}
