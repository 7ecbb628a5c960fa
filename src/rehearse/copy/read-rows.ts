import type { Session } from '../../database/session';

/** Rows as texts, column by column; NULL is null. */
export interface RowBatch {
  columns: (string | null)[][];
  rows: number;
  bytes: number;
}

export interface ReadRequest {
  /** `schema.table` */
  relation: string;
  /** SQL for each value as it leaves the database, its columns qualified with `t`. */
  values: readonly string[];
  /** Where its rows lie; null for all of them. */
  rows: readonly string[] | null;
  signal: AbortSignal;
}

/** What is asked for at once has about so many bytes, whatever the rows are like. */
const batchBytes = 2 * 1024 * 1024;
const firstRows = 200;
const mostRows = 5000;

/** Reads rows of one table in batches, none of which is kept here. To be asked in a transaction. */
export async function* readRows(session: Session, request: ReadRequest): AsyncGenerator<RowBatch> {
  const { relation, values, rows, signal } = request;
  const list = values.map((value, at) => `(${value})::text as c${at}`).join(', ');
  let size = firstRows;
  const next = (batch: RowBatch): number =>
    Math.max(1, Math.min(mostRows, Math.floor((batchBytes * batch.rows) / Math.max(1, batch.bytes))));
  if (rows !== null) {
    for (let start = 0; start < rows.length;) {
      const some = rows.slice(start, start + size);
      const found = await session.query<Record<string, string | null>>(
        `select ${list} from only ${relation} t where t.ctid = any($1::tid[])`,
        [some],
        { signal },
      );
      const batch = batchOf(found.rows, values.length);
      yield batch;
      start += some.length;
      size = next(batch);
    }
    return;
  }
  await session.script(
    `declare switchback_rows no scroll cursor for select ${list} from only ${relation} t`,
    { signal },
  );
  for (;;) {
    const found = await session.query<Record<string, string | null>>(
      `fetch forward ${size} from switchback_rows`,
      [],
      {
        signal,
      },
    );
    if (found.rows.length === 0) break;
    const batch = batchOf(found.rows, values.length);
    yield batch;
    size = next(batch);
  }
  await session.script('close switchback_rows', { signal });
}

function batchOf(rows: readonly Record<string, string | null>[], columns: number): RowBatch {
  let bytes = 0;
  const texts = Array.from({ length: columns }, (_, at) =>
    rows.map((row) => {
      const text = row[`c${at}`] ?? null;
      bytes += text === null ? 0 : Buffer.byteLength(text);
      return text;
    }),
  );
  return { columns: texts, rows: rows.length, bytes };
}
