import { t } from '../messages/translate';
import { leadBack } from '../reverse/inverse';
import { takeRowsBack } from '../reverse/rows';
import type { ReverseNotes } from '../reverse/reverse-step';
import { loadParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { isProven, type MigrationRehearsal } from './rehearsal';
import { goUp, takeBack, type HalfTrip, type RoundTrip, type RoundTripResult } from './round-trip';
import type { ReplayedScript, ShadowRun, Snapshot } from './shadow-run';

/** A way back that was written by Switchback, with what the shadow database says of it. */
export interface GeneratedDown {
  /** Statements in order, each without its semicolon; none where nothing can be taken back. */
  statements: string[];
  /** What does not come back, in sentences. */
  notes: string[];
  rehearsal: MigrationRehearsal;
}

export interface GeneratedTrip {
  down: GeneratedDown;
  /** The state after the up. */
  after: Snapshot;
  /** False: the shadow has to be restored before it is used again. */
  clean: boolean;
}

/**
 * Writes the way back of a migration from the schemas before and after it and rehearses it: at once, and where that does not
 * lead back, with what was left over, and statement by statement. null where the up fails. The shadow must be in the state
 * `before`.
 */
export async function generateDown(
  run: ShadowRun,
  trip: Omit<RoundTrip, 'down'>,
  before: Snapshot,
): Promise<GeneratedTrip | null> {
  const { statements } = (await loadParser()).parse(trip.up.sql);
  const up: RoundTrip = { ...trip, irreversible: null, down: null };
  const half = await goUp(run, up, before);
  if (!half) return null;
  const whole = atOnce(statements, half.after, before, run.ownObjects);
  const first = await rehearseDown(run, up, half, whole);
  if (isProven(first.down.rehearsal.verdict)) return first;
  const tries = [first];
  if (first.left) {
    const rest = withRest(whole, first.left, before, run.ownObjects);
    await run.restore();
    tries.push(await rehearseDown(run, up, await upAgain(run, up, before), rest));
  }
  if (!isProven(tries.at(-1)!.down.rehearsal.verdict) && statements.length > 1) {
    await run.restore();
    const each = await oneByOne(run, up.up, statements, before);
    if (each) {
      await run.restore();
      tries.push(await rehearseDown(run, up, await upAgain(run, up, before), each));
    }
  }
  const last = tries.at(-1)!;
  const best = tries.find(({ down }) => isProven(down.rehearsal.verdict)) ?? first;
  return { ...best, after: last.after, clean: last.clean };
}

interface Candidate {
  statements: string[];
  notes: string[];
}

interface Tried extends GeneratedTrip {
  /** The state it led to, where it ran and left something over. */
  left: Snapshot | null;
}

async function rehearseDown(
  run: ShadowRun,
  trip: RoundTrip,
  half: HalfTrip,
  { statements, notes }: Candidate,
): Promise<Tried> {
  const sql = statements.map((statement) => `${statement};\n`).join('');
  const down = { sql, transaction: trip.up.transaction, searchPath: trip.up.searchPath };
  const result: RoundTripResult = await takeBack(run, { ...trip, down }, half);
  return {
    down: { statements, notes, rehearsal: result.rehearsal },
    after: half.after,
    clean: result.clean,
    left: result.restored ?? null,
  };
}

async function upAgain(run: ShadowRun, trip: RoundTrip, before: Snapshot): Promise<HalfTrip> {
  const half = await goUp(run, trip, before);
  if (half) return half;
  throw new Error(t('{0} failed the second time it was run.', trip.up.label));
}

/** From the schema after all of it to the one before: what came and went in between leaves no trace. */
function atOnce(
  statements: readonly Statement[],
  after: Snapshot,
  before: Snapshot,
  own: readonly string[],
): Candidate {
  const notes = collectNotes();
  const schema = leadBack(without(after, own), without(before, own), notes);
  const rows = [...statements]
    .reverse()
    .filter((statement) => writesOld(statement, before))
    .map((statement) => takeRowsBack(statement, notes))
    .filter((sql) => sql !== null);
  return { statements: [...rows, ...schema], notes: notes.sentences };
}

function withRest(whole: Candidate, left: Snapshot, before: Snapshot, own: readonly string[]): Candidate {
  const notes = collectNotes();
  const rest = leadBack(without(left, own), without(before, own), notes);
  return {
    statements: [...whole.statements, ...rest],
    notes: [...new Set([...whole.notes, ...notes.sentences])],
  };
}

/** The inverse of each statement from the schemas around it, the last one first. null where one fails by itself. */
async function oneByOne(
  run: ShadowRun,
  up: ReplayedScript,
  statements: readonly Statement[],
  before: Snapshot,
): Promise<Candidate | null> {
  const notes = collectNotes();
  let back: string[] = [];
  let present = before;
  for (const statement of statements) {
    if (/^(?:TransactionStmt|LockStmt|VariableSetStmt)$/.test(statement.kind)) continue;
    const outcome = await run.run({ ...up, sql: statement.text, transaction: 'none' });
    if (outcome.kind !== 'ok') return null;
    const next = await run.snapshot();
    const rows = writesOld(statement, before) ? takeRowsBack(statement, notes) : null;
    const schema = leadBack(without(next, run.ownObjects), without(present, run.ownObjects), notes);
    back = [...(rows === null ? [] : [rows]), ...schema, ...back];
    present = next;
  }
  return { statements: back, notes: notes.sentences };
}

/** Rows of a table that the migration makes go with it. */
function writesOld(statement: Statement, before: Snapshot): boolean {
  const relation = (
    statement.node as Record<string, { relation?: { schemaname?: string; relname?: string } }>
  )[statement.kind]?.relation;
  if (!relation?.relname) return true;
  return Object.keys(before.catalog.objects).some(
    (object) => object.endsWith(`.${relation.relname}`) || object.endsWith(`."${relation.relname}"`),
  );
}

/** Without what the tool keeps for itself. */
function without(snapshot: Snapshot, own: readonly string[]): Snapshot['followed'] {
  const { followed } = snapshot;
  const objects = { ...followed.catalog.objects };
  for (const object of own) delete objects[object];
  return {
    ...followed,
    catalog: { ...followed.catalog, objects },
    relations: followed.relations.filter(({ object }) => !own.includes(object)),
  };
}

function collectNotes(): ReverseNotes & { sentences: string[] } {
  const sentences: string[] = [];
  return {
    sentences,
    note: (sentence) => void (sentences.includes(sentence) || sentences.push(sentence)),
  };
}
