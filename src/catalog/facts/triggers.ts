import type { Session } from '../../database/session';
import type { TriggerFacts } from '../table-facts';
import { columnsUsedBy } from './column-lists';
import type { FoundTable } from './find-table';

const states: Record<string, TriggerFacts['enabled']> = {
  O: 'origin',
  D: 'disabled',
  R: 'replica',
  A: 'always',
};

/** The user's triggers by name. A WHEN that looks at whole rows uses every column. */
export async function readTriggers(
  session: Session,
  table: FoundTable,
  allColumns: string[],
): Promise<TriggerFacts[]> {
  const { rows } = await session.query<{
    name: string;
    definition: string;
    function_schema: string;
    function_name: string;
    enabled: string;
    comment: string | null;
    columns: string[];
    whole_row: boolean;
  }>(
    `select t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, n.nspname::text as function_schema,
            p.proname::text as function_name, t.tgenabled as enabled, obj_description(t.oid, 'pg_trigger') as comment, ${columnsUsedBy('pg_trigger', 't.oid', 't.tgrelid')} as columns,
            coalesce(t.tgqual::text ~ ':varattno 0 ', false) as whole_row
       from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
      where t.tgrelid = $1 and not t.tgisinternal
      order by t.tgname`,
    [table.oid],
  );
  return rows.map((row) => ({
    name: row.name,
    definition: row.definition,
    function: { schema: row.function_schema, name: row.function_name },
    enabled: states[row.enabled]!,
    comment: row.comment,
    columns: row.whole_row ? allColumns : row.columns,
  }));
}
