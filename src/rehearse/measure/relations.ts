import type { Session } from '../../database/session';
import type { LockMode } from '../../safety/forecast';
import { isWeakerLock } from '../../safety/forecast/strength';
import { formatQualifiedName } from '../../sql/identifier';

/** A relation of the user's at one moment, with what betrays work on it. */
export interface RelationState {
  oid: string;
  /** `schema.name`, quoted as SQL needs it. */
  relation: string;
  /** pg_class.relkind */
  kind: string;
  /** The file that holds it: another one means that it was written anew. */
  node: string;
  /** Bytes of that file; 0 for what has none. */
  bytes: number;
  /** Of an index: its table. */
  table: string | null;
  /** Rows this session has read of it so far, by sequential scans. */
  read: number;
}

export type RelationStates = ReadonlyMap<string, RelationState>;

/** All relations of the user's by oid. Takes no lock that outlives the query; temporary tables are left out. */
export async function readRelations(session: Session): Promise<RelationStates> {
  const { rows } = await session.query<RelationState & { schema: string; name: string }>(relationsSql);
  return new Map(
    rows.map(({ schema, name, ...state }) => [
      state.oid,
      {
        ...state,
        relation: formatQualifiedName({ schema, name }),
        bytes: Number(state.bytes),
        read: Number(state.read),
      },
    ]),
  );
}

const userNamespaces = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(temp|toast)'`;

/** https://www.postgresql.org/docs/current/monitoring-stats.html: the `xact` counters are of this session alone. */
const relationsSql = `
  select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
         case when c.relkind = 'S' then '' else c.relfilenode::text end as node,
         case when c.relkind in ('r', 'm') then coalesce(pg_catalog.pg_relation_size(c.oid), 0) else 0 end::text as bytes,
         i.indrelid::text as "table",
         case when c.relkind in ('r', 'm') then pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) else 0 end::text as read
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_index i on i.indexrelid = c.oid
   where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I') and ${userNamespaces}`;

/** Rows this session has written into system catalogs so far, statistics and large objects left out. */
export async function catalogWrites(session: Session): Promise<number> {
  const { rows } = await session.query<{ writes: string }>(
    `select coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
              + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)), 0)::text as writes
       from pg_catalog.pg_class c
      where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r'
        and c.relname not in ('pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_largeobject_metadata')`,
  );
  return Number(rows[0]!.writes);
}

/** One lock on a relation, by the relation's oid. */
export interface HeldLock {
  oid: string;
  mode: LockMode;
}

/** The locks on relations that a backend holds or, with `awaited`, waits for. */
export async function readLocks(session: Session, pid: number, awaited: boolean): Promise<HeldLock[]> {
  const { rows } = await session.query<HeldLock>(
    `select l.relation::text as oid, l.mode from pg_catalog.pg_locks l
      where l.pid = $1 and l.locktype = 'relation' and (l.granted or $2)
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
    [pid, awaited],
  );
  return rows;
}

/** The strongest mode of each relation. */
export function strongestModes(locks: readonly HeldLock[]): Map<string, LockMode> {
  const strongest = new Map<string, LockMode>();
  for (const { oid, mode } of locks) {
    const known = strongest.get(oid);
    if (!known || isWeakerLock(known, mode)) strongest.set(oid, mode);
  }
  return strongest;
}

/** Whether it is an index, also of a partitioned table. */
export function isIndex(state: RelationState): boolean {
  return state.kind === 'i' || state.kind === 'I';
}
