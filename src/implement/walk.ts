import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { BackfillSpec } from '../plan/plan';
import { keyBatchSql, type KeyBatchRow, type KeyPosition } from './key-range';
import { pageBatchSql, type PageFacts } from './page-range';
import type { WalkTable } from './walk-table';

/** Where a backfill is: everything a resumed one needs. Kept as JSON in its checkpoint. */
export interface WalkPosition {
  /** The table being walked; null before the first and after the last. */
  table: number | null;
  /** From 1; further passes close what was written behind the walk. */
  pass: number;
  /** The last key done in this table. */
  key: KeyPosition | null;
  /** The next page, and the page to stop at, for walks by place. */
  page: number;
  pageEnd: number | null;
  /** Rows changed in this pass. */
  writtenInPass: number;
  finished: boolean;
}

export const walkStart: WalkPosition = {
  table: null,
  pass: 1,
  key: null,
  page: 0,
  pageEnd: null,
  writtenInPass: 0,
  finished: false,
};

/** Passes after which rows that keep appearing are called by their name: nothing fills new rows. */
export const mostPasses = 20;

export interface WalkContext {
  spec: BackfillSpec;
  tables: readonly WalkTable[];
  server: PageFacts;
}

export interface WalkedBatch {
  /** Rows, or pages, the batch had; fewer than allowed at the end of a table. */
  walked: number;
  /** Rows to add to the count of rows done. */
  rows: number;
  written: number;
  table: WalkTable | null;
  position: WalkPosition;
}

/**
 * Does the next batch inside the caller's transaction and says where the walk is then. `units` are rows of a
 * walk by key, pages of a walk by place. Pure towards the position: nothing is remembered here.
 */
export async function walkBatch(
  session: Session,
  context: WalkContext,
  position: WalkPosition,
  units: number,
): Promise<WalkedBatch> {
  const table = currentTable(context, position);
  if (!table) return { walked: 0, rows: 0, written: 0, table: null, position };
  // A leaf that vanished since the last batch leaves its place in the order, not its key.
  const here = table.oid === position.table ? position : atTable(position, table);
  return context.spec.walk.by === 'key'
    ? keyBatch(session, context, here, table, units)
    : pageBatch(session, context, here, table, units);
}

/** Whether a pass has come to its end, so that `closePass` decides whether another is needed. */
export function passEnded(context: WalkContext, position: WalkPosition): boolean {
  return !position.finished && currentTable(context, position) === null;
}

/**
 * Ends a pass: finished where no row is pending any more, else the start of the next pass. Throws
 * `step-failed` where rows stay pending although they were written, or keep appearing.
 */
export async function closePass(
  session: Session,
  context: WalkContext,
  position: WalkPosition,
): Promise<WalkPosition> {
  if (context.spec.pending === null || !(await anyPending(session, context))) {
    return { ...position, finished: true };
  }
  const name = context.tables.length > 0 ? context.tables[0]!.name : context.spec.table.name;
  if (position.writtenInPass === 0 && position.pass > 1) {
    throw new SwitchbackError(
      'step-failed',
      t(
        'Rows of {0} still match "{1}" after a pass that could change none of them. Look at one: the expression may give NULL there, or a trigger undo it.',
        name,
        context.spec.pending,
      ),
    );
  }
  if (position.pass >= mostPasses) {
    throw new SwitchbackError(
      'step-failed',
      t(
        'After {0} passes new rows of {1} still match "{2}". Let a trigger or the application fill new rows, then resume.',
        position.pass,
        name,
        context.spec.pending,
      ),
    );
  }
  return { ...walkStart, pass: position.pass + 1 };
}

/** The table the position is in or comes to next; null at the end of a pass. Tables are ordered by oid. */
function currentTable(context: WalkContext, position: WalkPosition): WalkTable | null {
  if (position.finished) return null;
  const passed = position.table ?? -1;
  return context.tables.find((table) => table.oid >= passed) ?? null;
}

async function keyBatch(
  session: Session,
  context: WalkContext,
  position: WalkPosition,
  table: WalkTable,
  units: number,
): Promise<WalkedBatch> {
  const sql = keyBatchSql(context.spec, table, position.key === null);
  const { rows } = await session.query<KeyBatchRow>(sql, [...(position.key ?? []), units]);
  const row = rows[0]!;
  const ended = row.walked < units;
  const writtenInPass = position.writtenInPass + row.written;
  return {
    walked: row.walked,
    rows: position.pass === 1 ? row.walked : 0,
    written: row.written,
    table,
    position: ended
      ? { ...afterTable(position, table), writtenInPass }
      : { ...position, key: row.position, writtenInPass },
  };
}

async function pageBatch(
  session: Session,
  context: WalkContext,
  position: WalkPosition,
  table: WalkTable,
  units: number,
): Promise<WalkedBatch> {
  const pageEnd = position.pageEnd ?? (await pagesOf(session, table, context.server));
  const to = Math.min(position.page + units, pageEnd);
  let written = 0;
  if (to > position.page) {
    const sql = pageBatchSql(context.spec, table, { from: position.page, to }, context.server);
    written = (await session.query<{ written: number }>(sql)).rows[0]!.written;
  }
  const writtenInPass = position.writtenInPass + written;
  return {
    walked: to - position.page,
    rows: written,
    written,
    table,
    position:
      to >= pageEnd
        ? { ...afterTable(position, table), writtenInPass }
        : { ...position, page: to, pageEnd, writtenInPass },
  };
}

async function pagesOf(session: Session, table: WalkTable, server: PageFacts): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>('select pg_relation_size($1::oid)::text as bytes', [
    table.oid,
  ]);
  return Math.ceil(Number(rows[0]!.bytes) / server.blockBytes);
}

async function anyPending(session: Session, context: WalkContext): Promise<boolean> {
  for (const table of context.tables) {
    const sql = `select exists (select 1 from only ${table.sql} where ${context.spec.pending ?? 'true'}) as pending`;
    if ((await session.query<{ pending: boolean }>(sql)).rows[0]!.pending) return true;
  }
  return false;
}

function atTable(position: WalkPosition, table: WalkTable): WalkPosition {
  return { ...position, table: table.oid, key: null, page: 0, pageEnd: null };
}

function afterTable(position: WalkPosition, table: WalkTable): WalkPosition {
  return { ...position, table: table.oid + 1, key: null, page: 0, pageEnd: null };
}
