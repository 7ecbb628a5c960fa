import type { Session } from '../../src/database/session';
import { lockModes } from '../../src/safety/forecast';
import { quoteIdentifier } from '../../src/sql/identifier';

/** What a statement did, read from the server while its transaction was open. */
export interface Measured {
  locks: { relation: string; mode: string }[];
  rewrites: string[];
  scans: string[];
}

interface Row {
  oid: number;
  relation: string;
  node: string | null;
  read: string;
}

/** Puts rows into every empty table, so that scans and failures show. */
export async function seedTables(session: Session, rows = 200): Promise<void> {
  const tables = await session.query<{
    name: string;
    columns: { name: string; type: string; exact: string }[];
  }>(
    `select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', t.typcategory, 'exact', a.atttypid::regtype::text) order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 join pg_type t on t.oid = a.atttypid
       left join pg_inherits i on i.inhrelid = c.oid and c.relispartition
       left join pg_partitioned_table p on p.partrelid in (c.oid, i.inhparent)
      where c.relnamespace = 'public'::regnamespace
        -- Where there is a default partition, rows find their way by the parent.
        and (c.relkind = 'r' and coalesce(p.partdefid, 0) = 0 or c.relkind = 'p' and p.partdefid <> 0)
      group by c.oid, c.relname order by c.oid`,
  );
  for (const table of tables.rows) {
    const names = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
    const values = table.columns.map(seedValue).join(', ');
    await session.query(
      `insert into ${quoteIdentifier(table.name)} (${names}) select ${values} from generate_series(1, ${rows}) g`,
    );
  }
  const views = await session.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'`,
  );
  for (const view of views.rows)
    await session.query(`refresh materialized view ${quoteIdentifier(view.name)}`);
  await session.query('analyze');
}

function seedValue({ type, exact }: { type: string; exact: string }): string {
  if (type === 'N') return 'g';
  if (type === 'D') return 'now()';
  return type === 'E' ? `(enum_range(null::${exact}))[1]` : `'v' || g`;
}

/** The relations of the schema public that are there now. */
export async function relationsThere(session: Session): Promise<string[]> {
  const result = await session.query<{ relation: string }>(
    `select c.oid::regclass::text as relation from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')`,
  );
  return result.rows.map((row) => `public.${row.relation}`);
}

/** Runs a statement in a transaction, reads what it locked, rewrote and scanned of `relations`, and commits or rolls back. */
export async function measure(
  session: Session,
  sql: string,
  relations: readonly string[],
  rollback = false,
): Promise<Measured> {
  await session.script(
    'set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off',
  );
  const work = async (): Promise<Measured> => {
    const before = (await snapshot(session)).filter((row) => relations.includes(row.relation));
    await session.query(sql);
    const after = new Map((await snapshot(session)).map((row) => [row.oid, row]));
    const held = await session.query<{ oid: number; mode: string }>(
      `select relation::int as oid, mode from pg_locks where pid = pg_backend_pid() and locktype = 'relation'`,
    );
    // By oid: a dropped or renamed relation has lost its name.
    const names = new Map(before.map((row) => [row.oid, row.relation]));
    const locks = held.rows.map(({ oid, mode }) => ({ relation: names.get(oid) ?? '', mode }));
    const kept = before.filter((row) => after.has(row.oid));
    return {
      locks: strongest(locks.filter((lock) => lock.relation !== '')),
      rewrites: unique(kept.filter((row) => after.get(row.oid)!.node !== row.node)),
      scans: unique(kept.filter((row) => BigInt(after.get(row.oid)!.read) > BigInt(row.read))),
    };
  };
  return session.transaction(work, { rollback });
}

async function snapshot(session: Session): Promise<Row[]> {
  const result = await session.query<Row>(
    `select c.oid::int as oid, 'public.' || c.oid::regclass::text as relation, case when c.relkind <> 'S' then c.relfilenode::text end as node,
            coalesce(s.seq_tup_read, 0)::text as read
       from pg_class c left join pg_stat_xact_all_tables s on s.relid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')`,
  );
  return result.rows;
}

const order: readonly string[] = lockModes;

function strongest(rows: Measured['locks']): Measured['locks'] {
  const modes = new Map<string, string>();
  for (const { relation, mode } of rows) {
    if (order.indexOf(mode) > order.indexOf(modes.get(relation) ?? '')) modes.set(relation, mode);
  }
  return [...modes]
    .map(([relation, mode]) => ({ relation, mode }))
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

function unique(rows: readonly Row[]): string[] {
  return [...new Set(rows.map((row) => row.relation))].sort();
}
