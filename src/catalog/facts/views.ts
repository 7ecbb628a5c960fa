import type { Session } from '../../database/session';
import type { ViewDependent } from '../table-facts';
import type { FoundTable } from './find-table';

interface Edge {
  view: number;
  reads: number;
  columns: string[];
}

/** Views that read the table, directly or through other views, nearest first. */
export async function readViewDependents(session: Session, table: FoundTable): Promise<ViewDependent[]> {
  const { rows: edges } = await session.query<Edge>(
    `with recursive reached(oid) as (
       select $1::oid
       union
       select w.ev_class from reached
         join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = reached.oid and d.classid = 'pg_rewrite'::regclass
         join pg_rewrite w on w.oid = d.objid
         join pg_class c on c.oid = w.ev_class and c.relkind in ('v', 'm'))
     select w.ev_class as view, d.refobjid as reads,
            coalesce(array_agg(distinct a.attname::text) filter (where a.attname is not null), '{}') as columns
       from reached
       join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = reached.oid and d.classid = 'pg_rewrite'::regclass
       join pg_rewrite w on w.oid = d.objid and w.ev_class <> reached.oid
       join pg_class c on c.oid = w.ev_class and c.relkind in ('v', 'm')
       left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
      group by 1, 2`,
    [table.oid],
  );
  const reached = walk(edges, table.oid);
  const { rows } = await session.query<{
    oid: number;
    schema: string;
    name: string;
    kind: string;
    definition: string;
    owner: string;
    options: string[];
  }>(
    `select c.oid, n.nspname::text as schema, c.relname::text as name, c.relkind as kind, pg_get_viewdef(c.oid) as definition,
            pg_get_userbyid(c.relowner)::text as owner, coalesce(c.reloptions, '{}') as options
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any($1::oid[]) order by 2, 3`,
    [[...reached.keys()]],
  );
  return rows
    .map((row): ViewDependent => ({
      name: { schema: row.schema, name: row.name },
      kind: row.kind === 'm' ? 'materialized-view' : 'view',
      definition: row.definition,
      owner: row.owner,
      options: row.options,
      depth: reached.get(row.oid)!.depth,
      columns: [...reached.get(row.oid)!.columns].sort(),
    }))
    .sort((one, other) => one.depth - other.depth);
}

/** Level by level: a view further away inherits the columns of those it reads. */
function walk(edges: Edge[], table: number): Map<number, { depth: number; columns: Set<string> }> {
  const reached = new Map<number, { depth: number; columns: Set<string> }>();
  let level = [table];
  for (let depth = 1; level.length > 0; depth += 1) {
    const next = new Set<number>();
    for (const edge of edges.filter(({ reads }) => level.includes(reads))) {
      const columns = edge.reads === table ? edge.columns : [...reached.get(edge.reads)!.columns];
      const known = reached.get(edge.view);
      const added = columns.filter((column) => !known?.columns.has(column));
      if (known && added.length === 0) continue;
      reached.set(edge.view, {
        depth: known?.depth ?? depth,
        columns: new Set([...(known?.columns ?? []), ...added]),
      });
      next.add(edge.view);
    }
    level = [...next];
  }
  return reached;
}
