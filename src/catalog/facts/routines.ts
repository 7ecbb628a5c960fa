import type { Session } from '../../database/session';
import type { RoutineDependent } from '../table-facts';
import { columnsUsedBy } from './column-lists';
import type { FoundTable } from './find-table';

interface Row {
  schema: string;
  name: string;
  signature: string;
  kind: string;
  language: string;
  recorded: string[];
  source: string;
  definition: string | null;
  is_trigger: boolean;
}

/**
 * Routines that use the table's columns. The catalog knows those with an SQL body (BEGIN ATOMIC); the
 * text of others is searched for the names, the table's too unless the routine is one of its triggers.
 */
export async function readRoutineDependents(
  session: Session,
  table: FoundTable,
  columns: readonly string[],
): Promise<RoutineDependent[]> {
  const { rows } = await session.query<Row>(
    `select n.nspname::text as schema, p.proname::text as name,
            quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')' as signature,
            p.prokind as kind, l.lanname::text as language, ${columnsUsedBy('pg_proc', 'p.oid', '$1')} as recorded, p.prosrc as source,
            case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end as definition,
            exists (select from pg_trigger t where t.tgrelid = $1 and t.tgfoid = p.oid and not t.tgisinternal) as is_trigger
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
      where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback') and l.lanname not in ('c', 'internal')
        and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')
      order by 1, 3`,
    [table.oid],
  );
  return rows.flatMap((row) => routineDependent(row, table, columns));
}

function routineDependent(row: Row, table: FoundTable, columns: readonly string[]): RoutineDependent[] {
  const words = wordsOf(row.source);
  const mentions = row.is_trigger || words.has(table.name.name.toLowerCase());
  const mentioned = mentions ? columns.filter((column) => words.has(column.toLowerCase())) : [];
  const certain = row.recorded.length > 0;
  const used = certain ? row.recorded : mentioned;
  if (used.length === 0) return [];
  return [
    {
      name: { schema: row.schema, name: row.name },
      signature: row.signature,
      kind: row.kind === 'p' ? 'procedure' : row.kind === 'a' ? 'aggregate' : 'function',
      language: row.language,
      ...(row.definition === null ? {} : { definition: row.definition }),
      columns: used,
      certain,
    },
  ];
}

/** Words and quoted names in lower case: a mention in a string or a comment counts, dynamic SQL has no other. */
function wordsOf(source: string): Set<string> {
  const words = new Set<string>();
  for (const [, quoted, word] of source.matchAll(/"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*)/gu)) {
    if (word !== undefined) words.add(word.toLowerCase());
    if (quoted === undefined) continue;
    words.add(quoted.replaceAll('""', '"').toLowerCase());
    for (const [part] of quoted.matchAll(/[\p{L}_][\p{L}\p{N}_$]*/gu)) words.add(part.toLowerCase());
  }
  return words;
}
