import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { WalkTable } from './walk-table';

export interface VacuumRight {
  allowed: boolean;
  /** What to tell the user before the start where it is not allowed; null otherwise. */
  warning: string | null;
}

/**
 * Whether this role may VACUUM all the tables, and if not, the growth to expect, in one sentence.
 * https://www.postgresql.org/docs/current/sql-vacuum.html (MAINTAIN exists from 17)
 */
export async function readVacuumRight(session: Session, tables: readonly WalkTable[]): Promise<VacuumRight> {
  const maintain = session.facts.major >= 17 ? "or has_table_privilege(c.oid, 'MAINTAIN')" : '';
  const { rows } = await session.query<{ oid: number }>(
    `select c.oid::int8::float8 as oid from pg_class c
     where c.oid = any ($1::oid[]) and not (
       pg_has_role(c.relowner, 'USAGE')
       or (select pg_has_role(d.datdba, 'USAGE') from pg_database d where d.datname = current_database())
       ${maintain})
     order by c.oid`,
    [tables.map((table) => table.oid)],
  );
  if (rows.length === 0) return { allowed: true, warning: null };
  const denied = new Set(rows.map((row) => Number(row.oid)));
  const bytes = tables
    .filter((table) => denied.has(table.oid))
    .reduce((sum, table) => sum + table.heapBytes, 0);
  const first = tables.find((table) => denied.has(table.oid));
  return {
    allowed: false,
    warning: t(
      'The role {0} may not VACUUM {1}, so its dead rows stay: it may grow from {2} MB to about {3} MB. Let its owner run the backfill, or VACUUM meanwhile.',
      session.facts.user,
      first?.name ?? '',
      megabytes(bytes),
      megabytes(bytes * 2.1),
    ),
  };
}

/**
 * Makes the space of dead rows usable again. TRUNCATE false: it never asks for ACCESS EXCLUSIVE. Its own lock
 * waits in nobody's way, so there is no lock_timeout; `signal` stops it.
 */
export async function vacuumTable(
  session: Session,
  table: Pick<WalkTable, 'sql'>,
  signal?: AbortSignal,
): Promise<void> {
  await session.query(`vacuum (truncate false) ${table.sql}`, [], { signal });
}

function megabytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1e6));
}
