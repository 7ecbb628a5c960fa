import { createHash } from 'node:crypto';
import type { Session } from '../database/session';
import { historyTable } from './history-columns';
import { assertUsualTable } from './history-table';
import type {
  Direction,
  ExecutionContext,
  History,
  HistoryTable,
  LayoutExecution,
  Migration,
} from './layout';
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
export async function readSupabaseHistory(
  session: Session,
  other: HistoryTable | null | undefined,
): Promise<History> {
  assertUsualTable('Supabase', table, other);
  const found = await historyTable(session, 'Supabase', { schema, name: 'schema_migrations' }, [
    'version text',
  ]);
  if (!found.exists) return { exists: false, table, applied: [], cumulative: false };
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
