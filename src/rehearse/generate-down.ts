import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { leadBack } from '../reverse/inverse';
import type { LostData } from '../reverse/backup';
import { concurrently, isConcurrent } from '../reverse/concurrently';
import { takeRowsBack } from '../reverse/rows';
import { unseenNote } from '../reverse/unseen';
import type { ReverseNotes } from '../reverse/reverse-step';
import { formatIdentifier } from '../sql/identifier';
import { loadParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
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
  /** It led back to the schema before, and nothing it leaves is hidden from that comparison. */
  proven: boolean;
}

export interface GeneratedTrip {
  down: GeneratedDown;
  /** The state after the up. */
  after: Snapshot;
  /** False: the shadow has to be restored before it is used again. */
  clean: boolean;
  /** What was there before the up and is not after it. */
  lost: LostData;
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
  const work: Work = { run, trip: up, statements, before };
  const tries = [await rehearseDown(work, half, atOnce(work, half.after))];
  const isOver = (): boolean => isProven(tries.at(-1)!.down.rehearsal.verdict);
  if (!isOver()) await tryRest(work, tries);
  if (!isOver() && statements.length > 1) {
    await startAgain(work);
    const each = await oneByOne(work);
    if (each) {
      await startAgain(work);
      tries.push(await rehearseDown(work, await upAgain(work), each));
      if (!isOver()) await tryRest(work, tries);
    }
  }
  const last = tries.at(-1)!;
  const best = tries.find(({ down }) => isProven(down.rehearsal.verdict)) ?? tries[0]!;
  return {
    down: judged(best.down, half, statements),
    after: last.after,
    clean: last.clean,
    lost: lostData(before, half.after),
  };
}

/** Tables and columns by their numbers: what got another name is not lost. */
function lostData(before: Snapshot, after: Snapshot): LostData {
  const left = new Map(after.followed.relations.map((relation) => [relation.oid, relation]));
  const lost: LostData = { tables: [], columns: [] };
  for (const { object, oid, kind, columns } of before.followed.relations) {
    if (!object.startsWith('table ') || (kind !== 'r' && kind !== 'p')) continue;
    const table = object.slice('table '.length);
    const now = left.get(oid);
    if (!now) lost.tables.push(table);
    else
      columns.forEach((column, index) => {
        if (column !== null && (now.columns[index] ?? null) === null)
          lost.columns.push({ table, column: formatIdentifier(column) });
      });
  }
  return lost;
}

/** What the making of a way back goes by. */
interface Work {
  run: ShadowRun;
  trip: RoundTrip;
  /** Of the up. */
  statements: readonly Statement[];
  before: Snapshot;
}

interface Candidate {
  statements: string[];
  notes: string[];
}

interface Tried extends Omit<GeneratedTrip, 'lost'> {
  candidate: Candidate;
  /** The state it led to, where it ran and left something over. */
  left: Snapshot | null;
}

/** What is told by numbers of the catalog holds within one database only, and a restored shadow is another. */
async function startAgain(work: Work): Promise<void> {
  await work.run.restore();
  work.before = await work.run.snapshot();
}

/** Of a way back that ran and left something over: with what takes that back, too. */
async function tryRest(work: Work, tries: Tried[]): Promise<void> {
  const { left, candidate } = tries.at(-1)!;
  if (!left) return;
  const whole = withRest(work, candidate, left);
  await startAgain(work);
  tries.push(await rehearseDown(work, await upAgain(work), whole));
}

async function rehearseDown(work: Work, half: HalfTrip, candidate: Candidate): Promise<Tried> {
  const { run, trip } = work;
  const statements = asTheUpDoes(work, candidate.statements);
  const sql = statements.map((statement) => `${statement};\n`).join('');
  const down = { sql, transaction: trip.up.transaction, searchPath: trip.up.searchPath };
  const result: RoundTripResult = await takeBack(run, { ...trip, down }, half);
  return {
    down: { statements, notes: candidate.notes, rehearsal: result.rehearsal, proven: false },
    after: half.after,
    clean: result.clean,
    candidate,
    left: result.restored ?? null,
  };
}

/** An up that makes or drops indexes without stopping writes is taken back without stopping them, where that can be. */
function asTheUpDoes({ trip, statements, before }: Work, back: readonly string[]): string[] {
  const { transaction } = trip.up;
  const alone = transaction === 'none' || (transaction === 'implicit' && back.length === 1);
  if (!alone || !statements.some(isConcurrent)) return [...back];
  const isPartitioned = (table: string): boolean =>
    before.catalog.objects[`table ${table}`]?.properties['partition key'] !== undefined;
  return concurrently(back, isPartitioned);
}

/**
 * A way back without a statement proves nothing where something stays as the up made it; one that leaves what no schema shows
 * is not proven either.
 */
function judged(down: GeneratedDown, half: HalfTrip, statements: readonly Statement[]): GeneratedDown {
  const unseen = statements.map(unseenNote).filter((note) => note !== null);
  const notes = [...new Set([...down.notes, ...unseen])];
  const { rehearsal } = down;
  if (down.statements.length === 0 && notes.length === 0 && !half.facts.upChanges)
    notes.push(t('It changes nothing: there is nothing to take back.'));
  else if (down.statements.length === 0 && isProven(rehearsal.verdict))
    return { ...down, notes, proven: false, rehearsal: { ...rehearsal, verdict: 'empty-down' } };
  return { ...down, notes, proven: isProven(rehearsal.verdict) && unseen.length === 0 };
}

async function upAgain({ run, trip, before }: Work): Promise<HalfTrip> {
  const half = await goUp(run, trip, before);
  if (half) return half;
  throw new SwitchbackError(
    'verification-failed',
    t('{0} fails when it is run again from the same state. Rehearse it first.', trip.up.label),
  );
}

/** From the schema after all of it to the one before: what came and went in between leaves no trace. */
function atOnce({ run, trip, statements, before }: Work, after: Snapshot): Candidate {
  const notes = collectNotes();
  const own = run.ownObjects;
  const schema = leadBack(without(after, own), without(before, own), notes);
  const path = searchPathAt(trip.up);
  const rows = [...statements]
    .reverse()
    .filter((statement) => writesOld(statement, before))
    .map((statement) => takeRowsBack(statement, after.catalog, path(statements, statement), notes))
    .filter((sql) => sql !== null);
  return { statements: [...rows, ...schema], notes: notes.sentences };
}

function withRest({ run, before }: Work, whole: Candidate, left: Snapshot): Candidate {
  const notes = collectNotes();
  const rest = leadBack(without(left, run.ownObjects), without(before, run.ownObjects), notes);
  return {
    statements: [...whole.statements, ...rest],
    notes: [...new Set([...whole.notes, ...notes.sentences])],
  };
}

/** The inverse of each statement from the schemas around it, the last one first. null where one fails by itself. */
async function oneByOne({ run, trip, statements, before }: Work): Promise<Candidate | null> {
  const { up } = trip;
  const notes = collectNotes();
  const path = searchPathAt(up);
  let back: string[] = [];
  let present = before;
  let settings = '';
  for (const statement of statements) {
    if (/^(?:TransactionStmt|LockStmt)$/.test(statement.kind)) continue;
    if (statement.kind === 'VariableSetStmt') {
      settings += `${statement.text};\n`;
      continue;
    }
    const transaction = up.transaction === 'none' ? 'none' : 'implicit';
    const outcome = await run.run({ ...up, sql: settings + statement.text, transaction });
    if (outcome.kind !== 'ok') return null;
    const next = await run.snapshot();
    const rows = writesOld(statement, before)
      ? takeRowsBack(statement, next.catalog, path(statements, statement), notes)
      : null;
    const schema = leadBack(without(next, run.ownObjects), without(present, run.ownObjects), notes);
    back = [...(rows === null ? [] : [rows]), ...schema, ...back];
    present = next;
  }
  return { statements: back, notes: notes.sentences };
}

/** Where names without a schema are looked for at a statement: what was SET before it, else the tool's, else public. */
function searchPathAt(up: ReplayedScript) {
  return (statements: readonly Statement[], at: Statement): readonly string[] => {
    let path = up.searchPath ?? ['public'];
    for (const statement of statements.slice(0, statements.indexOf(at))) {
      const set = asKind(statement.node, 'VariableSetStmt');
      if (set?.name !== 'search_path') continue;
      path = (set.args ?? []).flatMap((each) => asKind(each, 'A_Const')?.sval?.sval ?? []);
    }
    return path;
  };
}

/** Rows of a table that the migration makes go with it. */
function writesOld(statement: Statement, before: Snapshot): boolean {
  const relation = (
    statement.node as Record<string, { relation?: { schemaname?: string; relname?: string } }>
  )[statement.kind]?.relation;
  if (!relation?.relname) return true;
  return Object.keys(before.catalog.objects).some((object) =>
    object.endsWith(`.${formatIdentifier(relation.relname!)}`),
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
