import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { attempt } from './attempt';
import type { KnownValues } from './known-values';
import { readSeedTables, readSeedTypes, type SeedTable } from './seed-facts';
import { seedTable } from './seed-table';

export interface SeedRequest {
  /** Oids of the relations to fill: tables, and materialized views, which are refreshed. */
  tables: readonly string[];
  /** Rows of each table; the partitions of one table share what goes beyond eight of them. */
  rows: number;
  /** By relation, what its rows have to satisfy too: constraints that are about to be added. */
  checks?: ReadonlyMap<string, readonly string[]>;
  /** Kept by the caller who seeds again and again. */
  known?: KnownValues;
  /** The planner's statistics are brought up to date. */
  analyze: boolean;
  signal: AbortSignal;
}

/** So many partitions of a table are filled as tables of their own would be. */
const fullPartitions = 8;

/**
 * Fills tables of a shadow database with rows that satisfy their constraints, referenced tables first; the same
 * rows each time. Triggers stay silent where the role may silence them. Gives a sentence for each table that
 * could not be filled.
 */
export async function seedTables(session: Session, request: SeedRequest): Promise<string[]> {
  const { rows, signal } = request;
  if (request.tables.length === 0) return [];
  const tables = inOrder(await readSeedTables(session, request.tables));
  for (const table of tables)
    table.checks.push(...(await readable(session, table, request.checks?.get(table.relation) ?? [])));
  const known = request.known ?? new Map<string, readonly string[]>();
  const types = await readSeedTypes(session, [
    ...new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type))),
  ]);
  const notes: string[] = [];
  const silent = disturbs(tables) && (await silenceTriggers(session));
  try {
    for (const table of tables) {
      signal.throwIfAborted();
      const share = Math.max(50, Math.floor((rows * fullPartitions) / table.siblings));
      const note = await seedTable(session, { table, types, rows: Math.min(rows, share), known, signal });
      if (note !== null) notes.push(note);
    }
  } finally {
    if (silent && !session.lost.aborted) await session.script('reset session_replication_role');
  }
  await refreshViews(session, request.tables, notes);
  if (request.analyze) for (const table of tables) await session.script(`analyze ${table.relation}`);
  return notes;
}

/** Conditions that can be asked of the table as it is now: others speak of columns that are yet to come. */
async function readable(
  session: Session,
  { relation }: SeedTable,
  checks: readonly string[],
): Promise<string[]> {
  const kept: string[] = [];
  for (const check of checks) {
    try {
      await attempt(session, () => session.script(`select from only ${relation} where (${check}) limit 0`));
      kept.push(check);
    } catch (error) {
      if (!isSwitchbackError(error) || error.code === 'connection-lost') throw error;
    }
  }
  return kept;
}

/** Whether something of the user's would run, or a foreign key that may not be null cannot be satisfied at that moment. */
function disturbs(tables: readonly SeedTable[]): boolean {
  const filled = new Set<string>();
  for (const table of tables) {
    const mayBeNull = (name: string): boolean =>
      table.columns.some((column) => column.name === name && !column.notNull);
    const unsatisfied = table.foreignKeys.some(
      (key) => key.table === table.oid || (!filled.has(key.table) && !key.columns.some(mayBeNull)),
    );
    if (table.hasTriggers || unsatisfied) return true;
    filled.add(table.oid);
  }
  return false;
}

/**
 * Costs all plans the session has kept: so only where it is needed.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE
 */
async function silenceTriggers(session: Session): Promise<boolean> {
  try {
    await attempt(session, () => session.script('set session_replication_role = replica'));
    return true;
  } catch (error) {
    if (!isSwitchbackError(error, 'no-privilege')) throw error;
    return false;
  }
}

/** Referenced tables before those that reference them; in a circle, as they come. */
function inOrder(tables: readonly SeedTable[]): SeedTable[] {
  const ordered: SeedTable[] = [];
  const visited = new Set<string>();
  const visit = (table: SeedTable): void => {
    if (visited.has(table.oid)) return;
    visited.add(table.oid);
    for (const key of table.foreignKeys)
      for (const other of tables) if (other.oid === key.table) visit(other);
    ordered.push(table);
  };
  for (const table of tables) visit(table);
  return ordered;
}

async function refreshViews(session: Session, oids: readonly string[], notes: string[]): Promise<void> {
  const { rows } = await session.query<{ relation: string }>(
    `select format('%I.%I', n.nspname, c.relname) as relation from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = any($1::oid[]) and c.relkind = 'm' order by c.oid`,
    [oids],
  );
  for (const { relation } of rows) {
    try {
      await attempt(session, () => session.script(`refresh materialized view ${relation}`));
    } catch (error) {
      if (!isSwitchbackError(error) || error.code === 'connection-lost') throw error;
      notes.push(
        t('{0} could not be filled: {1}', relation, String(error.details.message ?? error.sentence)),
      );
    }
  }
}
