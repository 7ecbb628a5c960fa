import type { Session } from '../../../src/database/session';
import { lockModes, type LockMode } from '../../../src/safety/forecast';

/** What one statement did to the relations that were there before it. */
export interface Measured {
  locks: Map<string, LockMode>;
  rewrites: string[];
  /** Read row by row, or written anew. */
  scans: string[];
  rebuiltIndex: boolean;
}

interface Row {
  oid: string;
  relation: string;
  kind: string;
  node: string;
  read: string;
}

const relationsQuery = `
  select c.oid::text as oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as relation, c.relkind::text as kind,
         case when c.relkind = 'S' then '' else c.relfilenode::text end as node, coalesce(s.seq_tup_read, 0)::text as read
    from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_xact_all_tables s on s.relid = c.oid
   where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

const locksQuery = `select relation::text as oid, mode from pg_locks where pid = $1 and locktype = 'relation'`;

/** Runs a statement in a transaction that is rolled back; rejects with the server's error where it refuses. */
export async function measureStatement(session: Session, sql: string): Promise<Measured> {
  return session.transaction(
    async () => {
      await session.script(
        'set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_indexonlyscan = off; set local max_parallel_workers_per_gather = 0',
      );
      const pid = (await session.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
      const before = (await session.query<Row>(relationsQuery)).rows;
      await session.query(sql);
      const held = (await session.query<{ oid: string; mode: LockMode }>(locksQuery, [pid])).rows;
      const after = (await session.query<Row>(relationsQuery)).rows;
      return compare(before, after, held, () => true);
    },
    { rollback: true },
  );
}

/** Runs a statement that refuses a transaction, while `holder` makes it wait so that its locks can be seen. */
export async function measureOutside(
  session: Session,
  holder: Session,
  watcher: Session,
  sql: string,
  mode: string,
): Promise<Measured> {
  const pid = (await session.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
  const before = (await watcher.query<Row>(relationsQuery)).rows;
  const tables = before.filter((row) => row.kind === 'r').map((row) => row.relation);
  await holder.query('begin');
  // One by one, without their children.
  for (const table of tables) await holder.query(`lock table only ${table} in ${mode} mode`);
  let running = true;
  let failure: Error | null = null;
  const work = session
    .query(sql)
    .catch((error: Error) => (failure = error))
    .finally(() => (running = false));
  const seen: { oid: string; mode: LockMode }[] = [];
  let released = false;
  while (running) {
    seen.push(...(await watcher.query<{ oid: string; mode: LockMode }>(locksQuery, [pid])).rows);
    const { rows } = await watcher.query<{ blocked: boolean }>(
      'select cardinality(pg_blocking_pids($1)) > 0 as blocked',
      [pid],
    );
    if (!released && rows[0]!.blocked) {
      seen.push(...(await watcher.query<{ oid: string; mode: LockMode }>(locksQuery, [pid])).rows);
      await holder.query('commit');
      released = true;
    }
  }
  if (!released) await holder.query('commit');
  await work;
  if (failure) throw failure as Error;
  // Locks on indexes are too brief here to be caught surely.
  return compare(before, (await watcher.query<Row>(relationsQuery)).rows, seen, (row) => !isIndex(row));
}

function isIndex(row: Row): boolean {
  return /^[iI]$/.test(row.kind);
}

function compare(
  before: Row[],
  after: Row[],
  held: { oid: string; mode: LockMode }[],
  counts: (row: Row) => boolean,
): Measured {
  const later = new Map(after.map((row) => [row.oid, row]));
  const kept = before.filter((row) => later.has(row.oid));
  const replaced = kept.filter((row) => later.get(row.oid)!.node !== row.node);
  const rewrites = replaced.filter((row) => /^[rm]$/.test(row.kind)).map((row) => row.relation);
  const read = kept.filter((row) => BigInt(later.get(row.oid)!.read) > BigInt(row.read));
  const locks = new Map<string, LockMode>();
  // By oid: what was renamed or dropped has lost its name.
  const named = new Map(before.filter(counts).map((row) => [row.oid, row.relation]));
  for (const { oid, mode } of held) {
    const relation = named.get(oid);
    if (!relation) continue;
    const known = locks.get(relation);
    if (!known || lockModes.indexOf(known) < lockModes.indexOf(mode)) locks.set(relation, mode);
  }
  return {
    locks,
    rewrites: [...new Set(rewrites)].sort(),
    scans: [...new Set([...rewrites, ...read.map((row) => row.relation)])].sort(),
    rebuiltIndex: replaced.some(isIndex),
  };
}
