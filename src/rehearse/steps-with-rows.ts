import { beyondShadow } from './beyond-shadow';
import { checksOf, fillTables, namedTables } from './fill-tables';
import type { RehearsedStep } from './rehearse-steps';
import { checkViolation, failsOnRows, type RowTrip } from './row-trip';
import type { InsideOutcome } from './run-inside';
import type { Inside, ShadowRun, Snapshot } from './shadow-run';
import { lostData, readRowsOf, type ShadowData } from './table-data';

/** By the step's id. */
export type StepRows = ReadonlyMap<string, RowTrip>;

/**
 * Fills the empty tables that the steps of a plan name with generated rows and takes the way of the plan with them: forward, back
 * to its begin, forward again and to the end, in one transaction that is rolled back. What a step's rollback does not bring
 * back of the rows before that step is its loss. `returnable` are the steps before the point of no return.
 */
export async function stepsWithRows(
  run: ShadowRun,
  { steps, returnable }: Way,
  before: Snapshot,
): Promise<StepRows> {
  const forward = steps.map((step) => step.forward.sql).join('\n');
  const back = steps.map(rollbackSql).join('\n');
  const scripts = {
    up: { sql: forward, transaction: 'wrapped' as const, label: '' },
    down: { sql: back, transaction: 'wrapped' as const },
  };
  const named = namedTables(scripts, before, run.ownObjects);
  if (named.length === 0) return new Map();
  for (const { sql } of [scripts.up, scripts.down])
    if ((await beyondShadow(sql, run.ground)) !== null) return new Map();
  const fill = async (checks: ReadonlyMap<string, readonly string[]>): Promise<Seen | null> =>
    run.tryOut((inside) =>
      goWith(inside, { steps, returnable }, () =>
        fillTables(inside, { named, before, known: new Map(), checks }),
      ),
    );
  let seen = await fill(new Map());
  if (seen?.failure?.outcome.sqlstate === checkViolation) {
    const again = await fill(await checksOf(forward));
    if (again?.failure === null) seen = again;
  }
  if (!seen || seen.tables.length === 0) return new Map();
  const { failure } = seen;
  if (failure === null) return seen.rows;
  const bare = await run.tryOut((inside) =>
    goWith(inside, { steps, returnable }, async () => ({ tables: [], notes: [] })),
  );
  if (bare === null || bare.failure !== null) return seen.rows;
  const { direction, outcome, step } = failure;
  const table = outcome.table ?? seen.tables.filter((name) => named.includes(name)).join(', ');
  const rows = rowsOf(seen.rows, step);
  rows.notes.push(failsOnRows(direction, table, outcome.error));
  return seen.rows;
}

/** The steps of a plan in order, and those of them that can be taken back. */
interface Way {
  steps: readonly RehearsedStep[];
  returnable: readonly RehearsedStep[];
}

interface Seen {
  /** Those that were filled. */
  tables: string[];
  rows: Map<string, RowTrip>;
  failure: {
    step: RehearsedStep;
    direction: 'up' | 'down';
    outcome: InsideOutcome & { kind: 'error' };
  } | null;
}

async function goWith(
  inside: Inside,
  { steps, returnable }: Way,
  fill: () => Promise<{ tables: string[]; notes: string[] }>,
): Promise<Seen> {
  const { tables, notes } = await fill();
  const seen: Seen = { tables, rows: new Map(), failure: null };
  if (notes.length > 0 && steps[0]) rowsOf(seen.rows, steps[0]).notes.push(...notes);
  const before: ShadowData[] = [];
  for (const step of returnable) {
    before.push(await readRowsOf(inside.session, tables, inside.signal));
    if (await fails(inside, seen, step, 'up')) return seen;
  }
  const told = new Set<string>();
  for (const [index, step] of [...returnable.entries()].reverse()) {
    if (step.rollback.kind !== 'sql') continue;
    if (await fails(inside, seen, step, 'down')) return seen;
    const now = await readRowsOf(inside.session, tables, inside.signal);
    for (const loss of lostData(before[index]!, now)) {
      const key = `${loss.kind} ${loss.object}`;
      if (told.has(key)) continue;
      told.add(key);
      rowsOf(seen.rows, step).lost.push(loss);
    }
  }
  for (const step of steps) if (await fails(inside, seen, step, 'up')) return seen;
  return seen;
}

async function fails(
  inside: Inside,
  seen: Seen,
  step: RehearsedStep,
  direction: 'up' | 'down',
): Promise<boolean> {
  const script = direction === 'up' ? step.forward : { ...step.forward, sql: rollbackSql(step) };
  const outcome = await inside.run(script);
  if (outcome.kind === 'error') seen.failure = { step, direction, outcome };
  return outcome.kind === 'error';
}

function rollbackSql({ rollback }: RehearsedStep): string {
  return rollback.kind === 'sql' ? rollback.script.sql : '';
}

function rowsOf(rows: Map<string, RowTrip>, { id }: RehearsedStep): RowTrip {
  const known = rows.get(id) ?? { lost: [], notes: [] };
  rows.set(id, known);
  return known;
}
