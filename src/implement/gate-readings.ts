import { describeActivity, longTransactions, seesAllActivity } from '../database/activity';
import { replicas } from '../database/replication';
import type { Session } from '../database/session';
import type { Plan } from '../plan/plan';
import { rewrittenTables } from '../plan/plan-tables';
import type { GateReadings } from './gate-request';

/** Reads what the automatic gates need: open transactions, replicas and the size of the plan's tables. */
export async function readGateReadings(
  session: Session,
  plan: Pick<Plan, 'change' | 'phases'>,
): Promise<GateReadings> {
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

/** A rewrite of every row may need the tables' size again: heap, indexes and TOAST, with all partitions, each once. */
async function readBytes(session: Session, plan: Pick<Plan, 'change' | 'phases'>): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>(
    `with recursive tree as (
       select to_regclass(name)::oid as oid from unnest($1::text[]) as name
       union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
     )
     select coalesce(sum(pg_total_relation_size(oid)), 0)::text as bytes from tree where oid is not null`,
    [rewrittenTables(plan)],
  );
  return Number(rows[0]!.bytes);
}
