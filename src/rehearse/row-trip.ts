import { t } from '../messages/translate';
import { beyondShadow } from './beyond-shadow';
import { checksOf, fillTables, namedTables, type Filling } from './fill-tables';
import { isProven, type MigrationRehearsal } from './rehearsal';
import { lossNote, type RoundTrip } from './round-trip';
import type { InsideOutcome } from './run-inside';
import type { KnownValues } from './seed/known-values';
import type { Inside, ShadowRun, Snapshot } from './shadow-run';
import { lostData, readRowsOf, type DataLoss } from './table-data';

/** What a migration and its rollback do with generated rows. */
export interface RowTrip {
  lost: DataLoss[];
  /** Which tables could not be filled, and what fails on a table with rows. */
  notes: string[];
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: check_violation */
export const checkViolation = '23514';

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
  return { lost: [], notes: [...seen.notes, failsOnRows(direction, table, outcome.error)] };
}

/** What works on empty tables alone, in a sentence. */
export function failsOnRows(direction: 'up' | 'down', table: string, error: string): string {
  return direction === 'up'
    ? t('On generated rows the up fails ({0}): {1}', table, error)
    : t('On generated rows the down fails ({0}): {1}', table, error);
}

/** Adds to a rehearsal what was seen with rows. */
export function addRows(rehearsal: MigrationRehearsal, { lost, notes }: RowTrip): void {
  rehearsal.dataLost.push(...lost);
  rehearsal.notes.push(...lost.map(lossNote), ...notes);
  if (lost.length > 0 && isProven(rehearsal.verdict))
    rehearsal.notes.push(t('The structure comes back, the data does not.'));
}

async function mustNotRun(run: ShadowRun, trip: RoundTrip): Promise<boolean> {
  for (const script of [trip.up, trip.down])
    if (script && (await beyondShadow(script.sql, run.ground)) !== null) return true;
  return false;
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
    const { tables, notes } = await fillTables(inside, filling);
    const seen: SeenWithRows = { tables, lost: [], notes, failure: null };
    if (tables.length === 0) return seen;
    const { session, signal } = inside;
    const rows = await readRowsOf(session, seen.tables, signal);
    const failed = await upAndDown(inside, trip);
    if (failed !== null) return { ...seen, failure: failed };
    if (trip.down === null || trip.irreversible !== null) return seen;
    return { ...seen, lost: lostData(rows, await readRowsOf(session, seen.tables, signal)) };
  });
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
