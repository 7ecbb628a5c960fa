import type { BatchSample } from '../assess/batch-sample';
import type { TableFacts } from '../catalog/table-facts';
import type { Session } from '../database/session';
import type { BackfillSpec } from '../plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { walkBatch, walkStart } from './walk';
import { readWalkTables } from './walk-table';

/** A busy server is not made busier, ms. */
const limitMilliseconds = 3000;
const lockTimeoutMilliseconds = 500;

/**
 * Writes one batch of a table's rows as they are, and takes it back: how fast a backfill of it goes here. Null for a table
 * without rows, or without a column that may be written. Its triggers fire. The rows are locked meanwhile.
 */
export async function sampleBatch(
  session: Session,
  table: TableFacts,
  walk: BackfillSpec['walk'],
  rows: number,
  signal: AbortSignal,
): Promise<BatchSample | null> {
  const column = writableColumn(table);
  if (column === null) return null;
  const spec: BackfillSpec = {
    table: table.name,
    assignments: [{ column, expression: quoteIdentifier(column) }],
    pending: null,
    walk,
    estimatedRows: table.rows.count,
  };
  const context = {
    spec,
    tables: await readWalkTables(session, spec),
    server: { major: session.facts.major, blockBytes: await blockBytes(session) },
  };
  const work = async (): Promise<BatchSample | null> => {
    const before = await walPosition(session);
    const started = performance.now();
    // A walk by place counts pages.
    const units = walk.by === 'key' ? rows : Math.max(1, Math.ceil(rows / 50));
    const { written } = await walkBatch(session, context, walkStart, units);
    const milliseconds = Math.max(performance.now() - started, 0.1);
    if (written === 0) return null;
    const walBytes = (await walPosition(session)) - before;
    return { relation: formatQualifiedName(table.name), rows: written, milliseconds, walBytes };
  };
  return session.transaction(work, {
    signal,
    rollback: true,
    lockTimeoutMilliseconds,
    statementTimeoutMilliseconds: limitMilliseconds,
  });
}

/** What the server computes or numbers by itself is refused. One outside of keys and indexes comes first. */
function writableColumn({ columns, indexes }: TableFacts): string | null {
  const writable = columns.filter(({ generated, identity }) => generated === null && identity !== 'always');
  const plain = writable.find(({ name }) => !indexes.some((index) => index.columns.includes(name)));
  return (plain ?? writable[0])?.name ?? null;
}

async function blockBytes(session: Session): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(`select current_setting('block_size') as bytes`);
  return Number(rows[0]!.bytes);
}

/** Bytes of WAL since the cluster was made: https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP */
async function walPosition(session: Session): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as bytes`,
  );
  return Number(rows[0]!.bytes);
}
