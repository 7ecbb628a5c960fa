import type { Session } from '../database/session';
import { revisionsName as name } from './atlas-table';
import { historyTable } from './history-columns';
import type { AppliedMigration, History, HistoryTable } from './layout';

/** Where Atlas keeps its revisions when its URL names no schema. */
export const atlasTable = 'atlas_schema_revisions.atlas_schema_revisions';
const columns = ['version', 'description', 'type', 'applied', 'total', 'executed_at', 'hash'];

/** Rows by these are not of migrations: `.atlas_cloud_identifier`. */
const ownRows = '.';
/** RevisionTypeBaseline and the bit RevisionTypeResolved of sql/migrate/migrate.go. */
const baselineType = 1;
const resolvedBit = 4;

interface RevisionRow {
  version: string;
  description: string;
  type: string;
  applied: string;
  total: string;
  executed_at: string | Date;
  execution_time: string;
  error: string | null;
  hash: string;
}

/**
 * Atlas's revisions in the order applied, from its own schema or, where its URL named one, from the current schema.
 * The first version stands for all before it: a baseline, or the checkpoint that an empty database began with. Throws
 * `invalid-input` where a table of that name has other columns.
 */
export async function readAtlasHistory(
  session: Session,
  named: HistoryTable | null | undefined,
): Promise<History> {
  const place = named ?? (await usualPlace(session));
  const found = await historyTable(session, 'Atlas', place, columns);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const { rows } = await session.query<RevisionRow>(
    `select version, description, type::text, applied::text, total::text, executed_at, execution_time::text, error, hash
     from ${found.sql} where not starts_with(version, '${ownRows}') order by executed_at, version collate "C"`,
  );
  const history = { exists: true, table: found.name, applied: rows.map(appliedOf), cumulative: false };
  const oldest = rows.reduce<RevisionRow | null>(
    (first, row) => (first === null || row.version < first.version ? row : first),
    null,
  );
  if (oldest === null) return history;
  const baseline = { ...appliedOf(oldest), name: null, contentHash: null, dirty: false };
  return { ...history, baseline };
}

/** Its own schema, or the current one where only that has the table. */
async function usualPlace(session: Session): Promise<HistoryTable> {
  const { rows } = await session.query<{ schema: string }>(
    `select n.nspname::text as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = '${name}' and c.relkind in ('r', 'p') and n.nspname in ('${name}', current_schema())
     order by (n.nspname = '${name}') desc`,
  );
  return { schema: rows[0]?.schema ?? name, name };
}

function appliedOf(row: RevisionRow): AppliedMigration {
  return {
    version: row.version,
    name: row.description,
    appliedAt: new Date(row.executed_at).toISOString(),
    appliedBy: null,
    milliseconds: Number(row.type) === baselineType ? null : Math.round(Number(row.execution_time) / 1e6),
    contentHash: row.hash === '' ? null : row.hash,
    dirty: (Number(row.type) & resolvedBit) === 0 && (row.applied !== row.total || Boolean(row.error)),
  };
}
