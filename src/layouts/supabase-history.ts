import { createHash } from 'node:crypto';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, ExecutionContext, History, LayoutExecution, Migration } from './layout';
import { supabaseStatements } from './supabase-statements';
import { appliedRow } from './applied-row';

const schema = 'supabase_migrations';
const table = `${schema}.schema_migrations`;

interface HistoryRow {
  version: string;
  name: string | null;
  statements: string[] | null;
}

/** The rows in the order of their versions: the table does not say when each was applied. */
export async function readSupabaseHistory(session: Session): Promise<History> {
  const { rows: found } = await session.query<{ columns: string[] | null }>(
    `select array_agg(attname || ' ' || format_type(atttypid, null)) as columns from pg_attribute
     where attrelid = to_regclass('${table}') and attnum > 0 and not attisdropped`,
  );
  const columns = found[0]!.columns;
  if (columns === null) return { exists: false, table, applied: [], cumulative: false };
  if (!columns.includes('version text')) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        "The table {0} is not Supabase's: it has no column {1}. Another tool keeps its history there; choose the database or the migrations folder that belong together.",
        table,
        '"version text"',
      ),
    );
  }
  // Tables of old versions have neither name nor statements.
  const { rows } = await session.query<HistoryRow>(
    `select m.version, to_jsonb(m) ->> 'name' as name, to_jsonb(m) -> 'statements' as statements
     from ${table} m order by m.version collate "C"`,
  );
  const applied = rows.map((row) =>
    appliedRow(row.version, {
      name: row.name,
      contentHash: row.statements && statementsHash(row.statements),
    }),
  );
  return { exists: true, table, applied, cumulative: false };
}

/**
 * The CLI records statements and no checksum of them. This is one, SHA-256 in hex, which does not depend on blanks and
 * semicolons: versions of the CLI cut at different places, and other tools of Supabase record a file in one piece.
 */
export function statementsHash(statements: readonly string[]): string {
  return createHash('sha256')
    .update(statements.join('').replace(/[\s;]+/g, ''), 'utf8')
    .digest('hex');
}

/**
 * The row of `supabase migration up`, which takes no lock, and its removal, as `supabase migration repair --status
 * reverted` does it. Definitions: pkg/migration/history.go in https://github.com/supabase/cli.
 */
export function supabaseExecution(
  migration: Migration,
  direction: Direction,
  context: ExecutionContext,
): LayoutExecution {
  return {
    lock: null,
    prepare: [
      `create schema if not exists ${schema}`,
      `create table if not exists ${table} (version text not null primary key)`,
      `alter table ${table} add column if not exists statements text[]`,
      `alter table ${table} add column if not exists name text`,
    ],
    before: [],
    sameTransaction: true,
    record: () =>
      direction === 'up'
        ? [
            {
              sql: `insert into ${table} (version, name, statements) values ($1::text, $2::text, array(
  select value from json_array_elements_text($3::json) with ordinality as each(value, place) order by place))`,
              parameters: [
                migration.version,
                migration.name,
                JSON.stringify(supabaseStatements(context.sql)),
              ],
            },
          ]
        : [{ sql: `delete from ${table} where version = $1::text`, parameters: [migration.version] }],
  };
}
