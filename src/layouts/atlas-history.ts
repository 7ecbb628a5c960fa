import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { quoteIdentifier } from '../sql/identifier';
import type { AppliedMigration, History } from './layout';

/** Where Atlas keeps its revisions when its URL names no schema. */
export const atlasTable = 'atlas_schema_revisions.atlas_schema_revisions';
const name = 'atlas_schema_revisions';

/** Rows by these are not of migrations: `.atlas_cloud_identifier`. */
const ownRows = '.';
/** RevisionTypeBaseline and the bit RevisionTypeResolved of sql/migrate/migrate.go. */
const baselineType = 1;
const resolvedBit = 4;

interface TableRow {
  schema: string;
  columns: string[];
}

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
export async function readAtlasHistory(session: Session): Promise<History> {
  const { rows: tables } = await session.query<TableRow>(
    `select n.nspname::text as schema, array_agg(a.attname::text) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where c.relname = '${name}' and c.relkind in ('r', 'p') and n.nspname in ('${name}', current_schema())
       and a.attnum > 0 and not a.attisdropped
     group by n.nspname order by (n.nspname = '${name}') desc`,
  );
  const [found] = tables;
  if (!found) return { exists: false, table: atlasTable, applied: [], cumulative: false };
  const table = `${quoteIdentifier(found.schema)}.${name}`;
  const shown = `${found.schema}.${name}`;
  const missing = ['version', 'description', 'type', 'applied', 'total', 'executed_at', 'hash'].filter(
    (column) => !found.columns.includes(column),
  );
  if (missing.length > 0) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        "The table {0} is not Atlas's: it has no column {1}. Choose the database or the migrations folder that belong together.",
        shown,
        missing.map((column) => `"${column}"`).join(', '),
      ),
    );
  }
  const { rows } = await session.query<RevisionRow>(
    `select version, description, type::text, applied::text, total::text, executed_at, execution_time::text, error, hash
     from ${table} where not starts_with(version, '${ownRows}') order by executed_at, version collate "C"`,
  );
  const history = { exists: true, table: shown, applied: rows.map(appliedOf), cumulative: false };
  const oldest = rows.reduce<RevisionRow | null>(
    (first, row) => (first === null || row.version < first.version ? row : first),
    null,
  );
  if (oldest === null) return history;
  const baseline = { ...appliedOf(oldest), name: null, contentHash: null, dirty: false };
  return { ...history, baseline };
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
