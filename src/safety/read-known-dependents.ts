import type { Session } from '../database/session';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { KnownDependent, KnownSchema } from './known-schema';

interface DependentRow extends QualifiedName {
  kind: KnownDependent['kind'];
  /** Null for what is named at its relation. */
  owner: string | null;
  dependent: string;
  columns: string[];
}

/** Adds what names columns of these relations, read from pg_depend and pg_trigger. */
export async function readKnownDependents(
  session: Session,
  schema: KnownSchema,
  oids: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const { rows } = await session.query<DependentRow>(dependentQuery, [oids], { signal });
  for (const { kind, owner, dependent, columns, ...relation } of rows) {
    const name = owner === null ? dependent : formatQualifiedName({ schema: owner, name: dependent });
    schema.relations.get(formatQualifiedName(relation))?.dependents.push({ kind, name, columns });
  }
}

/** $1 oids of the relations. Up to 14 a generated column depends on others itself, then its expression does. */
const dependentQuery = `
  with used as (
    select d.classid, d.objid, d.objsubid, d.refobjid as relation, a.attname as column
      from pg_depend d join pg_class c on c.oid = d.refobjid and c.relkind in ('r', 'p', 'f')
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.refclassid = 'pg_class'::regclass and d.refobjid::int8::int4 = any($1::int4[]) and d.refobjsubid > 0
  ), found as (
    select u.relation, case when r.rulename = '_RETURN' then 'view' else 'rule' end as kind,
           case when r.rulename = '_RETURN' then vn.nspname end as owner,
           case when r.rulename = '_RETURN' then v.relname else r.rulename end as dependent, u.column
      from used u join pg_rewrite r on u.classid = 'pg_rewrite'::regclass and r.oid = u.objid
      join pg_class v on v.oid = r.ev_class join pg_namespace vn on vn.oid = v.relnamespace
     where r.rulename <> '_RETURN' or v.oid <> u.relation
    union all
    select t.tgrelid, 'trigger', null, t.tgname, u.column
      from pg_trigger t left join used u on u.classid = 'pg_trigger'::regclass and u.objid = t.oid and u.relation = t.tgrelid
     where t.tgrelid::int8::int4 = any($1::int4[]) and not t.tgisinternal
    union all
    select u.relation, 'policy', null, p.polname, u.column
      from used u join pg_policy p on u.classid = 'pg_policy'::regclass and p.oid = u.objid
    union all
    select p.polrelid, 'policy', null, p.polname, null from pg_policy p where p.polrelid::int8::int4 = any($1::int4[])
    union all
    select u.relation, 'generated-column', null, g.attname, u.column
      from used u
      left join pg_attrdef e on u.classid = 'pg_attrdef'::regclass and e.oid = u.objid
      join pg_attribute g on g.attrelid = u.relation and g.attgenerated <> ''
           and (g.attrelid = e.adrelid and g.attnum = e.adnum
                or u.classid = 'pg_class'::regclass and u.objid = g.attrelid and u.objsubid = g.attnum)
     where g.attname <> u.column
    union all
    select u.relation, 'routine', pn.nspname, p.proname, u.column
      from used u join pg_proc p on u.classid = 'pg_proc'::regclass and p.oid = u.objid
      join pg_namespace pn on pn.oid = p.pronamespace
  )
  select n.nspname as schema, c.relname as name, f.kind, f.owner, f.dependent,
         coalesce(json_agg(distinct f.column) filter (where f.column is not null), '[]') as columns
    from found f join pg_class c on c.oid = f.relation join pg_namespace n on n.oid = c.relnamespace
   group by n.nspname, c.relname, f.kind, f.owner, f.dependent
   order by 1, 2, 3, 4, 5`;
