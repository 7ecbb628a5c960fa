import { partsOf } from '../assess/several-changes';
import { describeActivity, longTransactions, seesAllActivity } from '../database/activity';
import { replicas } from '../database/replication';
import type { Session } from '../database/session';
import type { Plan } from '../plan/plan';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { GateReadings } from './gate-request';

/** Reads what the automatic gates need: open transactions, replicas and the size of the plan's table. */
export async function readGateReadings(session: Session, plan: Pick<Plan, 'change'>): Promise<GateReadings> {
  const open = await longTransactions(session, 0);
  return {
    longTransactions: open.map((activity) => ({
      description: describeActivity(activity),
      milliseconds: activity.ageMilliseconds ?? 0,
    })),
    blindRole: (await seesAllActivity(session)) ? null : session.facts.user,
    replicas: await replicas(session),
    neededBytes: await readBytes(session, plan),
  };
}

/** Of all tables that the plan's changes are about. */
async function readBytes(session: Session, plan: Pick<Plan, 'change'>): Promise<number> {
  const tables = new Map(partsOf(plan.change).map(({ table }) => [formatQualifiedName(table), table]));
  let bytes = 0;
  for (const table of tables.values()) bytes += await readTableBytes(session, table);
  return bytes;
}

/** A rewrite of every row may need the table's size again: heap, indexes and TOAST, with all partitions. */
async function readTableBytes(session: Session, { schema, name }: QualifiedName): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(
    `with recursive tree as (
       select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2
       union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
     )
     select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from tree`,
    [schema, name],
  );
  return Number(rows[0]!.bytes);
}
