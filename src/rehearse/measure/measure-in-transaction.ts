import type { Session } from '../../database/session';
import { observe, type Observed } from './observed';
import { catalogWrites, readLocks, readRelations } from './relations';

const oneBackend: readonly string[] = [
  'max_parallel_workers_per_gather = 0',
  'max_parallel_maintenance_workers = 0',
];

/** Reading all of a table must show as a sequential scan, and in this very backend. */
export const measuringSettings: readonly string[] = [
  'enable_indexscan = off',
  'enable_indexonlyscan = off',
  'enable_bitmapscan = off',
  ...oneBackend,
];

/** Statements of data: they are planned as they would be, for without indexes each of them would be a scan. */
export const dataKinds: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CopyStmt',
]);

export interface MeasureInTransaction {
  sql: string;
  /** The parse tree's kind. */
  kind: string;
  /** Oids of the relations that count. */
  there: ReadonlySet<string>;
  /** SET LOCAL statements that held for the statement in its script. */
  settings?: readonly string[];
  /** Leaves the database as it was. */
  rollback?: boolean;
  signal?: AbortSignal;
}

/**
 * Runs a statement in a transaction of its own and reads, before it ends, what it locked, wrote anew and scanned:
 * so these are the locks of this statement alone, held when it has finished. Throws what the statement throws.
 */
export async function measureInTransaction(
  session: Session,
  { sql, kind, there, settings = [], rollback = false, signal }: MeasureInTransaction,
): Promise<Observed> {
  const measured = async (): Promise<Observed> => {
    const own = dataKinds.has(kind) ? oneBackend : measuringSettings;
    for (const setting of own) await session.script(`set local ${setting}`);
    for (const setting of settings) await session.script(setting);
    const before = await readRelations(session);
    const writes = await catalogWrites(session);
    const started = performance.now();
    await session.script(sql, { signal });
    const milliseconds = performance.now() - started;
    const locks = await readLocks(session, session.facts.pid, false);
    const after = await readRelations(session);
    const catalog = (await catalogWrites(session)) > writes;
    return observe({ there, before, after, locks, catalog, milliseconds });
  };
  return session.transaction(measured, { rollback, signal });
}
