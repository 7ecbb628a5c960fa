import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import type { Plan } from '../plan/plan';
import type { GateReadings } from './gates';

/** Reads what the automatic gates need: open transactions, replicas and the size of the plan's table. */
export async function readGateReadings(session: Session, plan: Pick<Plan, 'change'>): Promise<GateReadings> {
  return {
    longTransactions: await readTransactions(session),
    replicas: await readReplicas(session),
    neededBytes: await readTableBytes(session, plan),
  };
}

async function readTransactions(session: Session): Promise<GateReadings['longTransactions']> {
  const { rows } = await session.query<{ description: string; milliseconds: number }>(
    `select format('The transaction of %s (%s, %s)', pid, coalesce(usename, '-'), coalesce(nullif(application_name, ''), '-')) as description,
       (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as milliseconds
     from pg_stat_activity
     where xact_start is not null and pid <> pg_backend_pid() and backend_type = 'client backend'
       and (datname = current_database() or backend_xmin is not null)
     order by xact_start limit 20`,
  );
  return rows;
}

async function readReplicas(session: Session): Promise<GateReadings['replicas']> {
  try {
    const { rows } = await session.query<{ name: string; lag: number | null; visible: boolean }>(
      `select coalesce(application_name, '') as name, (extract(epoch from replay_lag) * 1000)::float8 as lag,
         state is not null as visible
       from pg_stat_replication`,
    );
    if (rows.some((row) => !row.visible)) return null;
    return rows.map((row) => ({ name: row.name, lagMilliseconds: row.lag }));
  } catch (error) {
    if (isSwitchbackError(error, 'no-privilege')) return null;
    throw error;
  }
}

/** A rewrite of every row may need the table's size again: heap, indexes and TOAST, with all partitions. */
async function readTableBytes(session: Session, plan: Pick<Plan, 'change'>): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(
    `with recursive tree as (
       select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2
       union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
     )
     select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from tree`,
    [plan.change.table.schema, plan.change.table.name],
  );
  return Number(rows[0]!.bytes);
}
