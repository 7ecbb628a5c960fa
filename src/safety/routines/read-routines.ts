import type { Session } from '../../database/session';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { RoutineBody } from '../../sql/statement';
import type { KnownRoutine, KnownSchema } from '../known-schema';

interface RoutineRow extends QualifiedName {
  definition: string;
  inputs: string[];
  defaults: number;
  variadic: boolean;
  settings: string[];
}

/**
 * The functions and procedures in SQL and PL/pgSQL that a script could call. Those of extensions, and trigger
 * functions, which nobody calls, are left out; so is what is behind the first 2,000.
 */
const routineQuery = `
  select n.nspname as schema, p.proname as name, pg_get_functiondef(p.oid) as definition,
         (select coalesce(json_agg(tn.nspname || '.' || t.typname order by a.ordinality), '[]')
            from unnest(p.proargtypes::oid[]) with ordinality a(type, ordinality)
            join pg_type t on t.oid = a.type join pg_namespace tn on tn.oid = t.typnamespace) as inputs,
         p.pronargdefaults::int as defaults, p.provariadic <> 0 as variadic,
         to_json(coalesce(p.proconfig, '{}')) as settings
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
   where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(temp|toast)'
     and l.lanname in ('sql', 'plpgsql') and p.prokind in ('f', 'p')
     and p.prorettype not in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
     and not exists (select from pg_depend d
                      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
   order by p.oid limit 2000`;

/** Adds the routines of a database to what is known of it. Their bodies are read when they are first asked for. */
export async function readRoutines(
  session: Session,
  parser: SqlParser,
  schema: KnownSchema,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rows } = await session.query<RoutineRow>(routineQuery, [], { signal });
  for (const row of rows) {
    const key = formatQualifiedName(row);
    schema.routines.set(key, [...(schema.routines.get(key) ?? []), routineOf(row, parser)]);
  }
}

function routineOf(row: RoutineRow, parser: SqlParser): KnownRoutine {
  let body: RoutineBody | null | undefined;
  return {
    signature: row.inputs.map((type) => type.replace(/^pg_catalog\./, '')).join(),
    least: row.inputs.length - row.defaults - (row.variadic ? 1 : 0),
    most: row.variadic ? Infinity : row.inputs.length,
    searchPath: searchPathOf(row.settings),
    made: {
      get body() {
        body ??= parser.parse(row.definition).statements[0]?.body ?? null;
        return body;
      },
    },
  };
}

/** `search_path=app, "$user"` as pg_proc.proconfig holds it. */
function searchPathOf(settings: readonly string[]): string[] | null {
  const setting = settings.find((each) => each.startsWith('search_path='));
  if (setting === undefined) return null;
  return setting
    .slice('search_path='.length)
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '' && name !== 'pg_catalog' && name !== '$user');
}
