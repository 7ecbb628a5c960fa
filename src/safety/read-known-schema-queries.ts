/** Catalog queries of read-known-schema.ts; each row's `schema` and `name` are one relation, type or function. */
export const settingsQuery = `select current_schemas(false)::text[] as path, current_setting('TimeZone') as zone`;

const notSystem = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(temp|toast)'`;

export const typeQuery = `
  select n.nspname as schema, t.typname as name,
         case t.typtype when 'd' then 'domain' when 'e' then 'enum' when 'r' then 'range' else 'composite' end as kind,
         case when t.typtype = 'd' then json_build_object('schema', bn.nspname, 'name', b.typname,
              'category', b.typcategory, 'typmod', t.typtypmod) end as base,
         t.typnotnull or exists (select from pg_constraint c where c.contypid = t.oid and c.contype = 'c') as constrained
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    left join pg_type b on b.oid = t.typbasetype left join pg_namespace bn on bn.oid = b.typnamespace
    left join pg_class c on c.oid = t.typrelid
   where ${notSystem} and (t.typtype in ('d', 'e', 'r') or t.typtype = 'c' and c.relkind = 'c')
   order by t.oid`;

export const functionQuery = `
  select n.nspname as schema, p.proname as name,
         case max(case p.provolatile when 'v' then 2 when 's' then 1 else 0 end)
              when 2 then 'volatile' when 1 then 'stable' else 'immutable' end as volatility
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where ${notSystem}
   group by n.nspname, p.proname`;

const named = (alias: string, namespace: string): string =>
  `json_build_object('schema', ${namespace}.nspname, 'name', ${alias}.relname)`;

/** Tables named in publications; those of FOR ALL TABLES and of schemas are not listed. */
export const publicationQuery = `
  select p.pubname as name, coalesce(json_agg(${named('c', 'n')}) filter (where c.oid is not null), '[]') as tables
    from pg_publication p left join pg_publication_rel r on r.prpubid = p.oid left join pg_class c on c.oid = r.prrelid
    left join pg_namespace n on n.oid = c.relnamespace
   group by p.pubname`;

/** $1 schemas, $2 names; both null for all. Inheritance is followed to its ends, foreign keys for one step. */
export function relationQuery(major: number): string {
  // 18 keeps constraints for NOT NULL, which need not be validated.
  const notNull =
    major >= 18
      ? `a.attnotnull and not exists (select from pg_constraint v where v.conrelid = c.oid and v.contype = 'n'
                                      and v.conkey[1] = a.attnum and not v.convalidated)`
      : 'a.attnotnull';
  return `
  with recursive start(oid) as (
    select coalesce(i.indrelid, c.oid)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
     where ${notSystem} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
       and ($1::text[] is null or (n.nspname, c.relname) in (select * from unnest($1::text[], $2::text[])))
  ), partners(oid) as (
    select oid from start
    union select confrelid from pg_constraint where contype = 'f' and conrelid in (select oid from start)
    union select conrelid from pg_constraint where contype = 'f' and confrelid in (select oid from start)
    union select d.refobjid from pg_rewrite r join pg_depend d
      on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
     where r.ev_class in (select oid from start)
    union select d.objid from pg_depend d join pg_class q on q.oid = d.objid and q.relkind = 'S'
     where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       and d.refobjid in (select oid from start)
    union select d.refobjid from pg_depend d join pg_class q on q.oid = d.objid and q.relkind = 'S'
     where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       and d.objid in (select oid from start)
  ), wanted(oid) as (
    select oid from partners
    union
    select case when i.inhparent = w.oid then i.inhrelid else i.inhparent end
      from wanted w join pg_inherits i on w.oid in (i.inhparent, i.inhrelid)
  )
  select c.oid::int8::int4 as oid, n.nspname as schema, c.relname as name,
         case c.relkind when 'p' then 'partitioned' when 'v' then 'view' when 'm' then 'matview' when 'S' then 'sequence'
              when 'f' then 'foreign-table' else 'table' end as kind,
         case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' else 'permanent' end as persistence,
         (select coalesce(json_agg(json_build_object(
                 'name', a.attname, 'notNull', ${notNull}, 'hasDefault', a.atthasdef and a.attgenerated = '',
                 'generated', case when a.attidentity <> '' then 'identity' when a.attgenerated = 's' then 'stored'
                                   when a.attgenerated = 'v' then 'virtual' end,
                 'collation', case when a.attcollation <> t.typcollation then co.collname end,
                 'type', json_build_object('schema', tn.nspname, 'name', t.typname, 'category', t.typcategory,
                                           'typmod', a.atttypmod)) order by a.attnum), '[]')
            from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_namespace tn on tn.oid = t.typnamespace
            left join pg_collation co on co.oid = a.attcollation
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
         (select coalesce(json_agg(json_build_object(
                 'name', ic.relname, 'unique', x.indisunique and x.indpred is null, 'valid', x.indisvalid, 'clustered', x.indisclustered,
                 'computed', x.indexprs is not null or x.indpred is not null,
                 'plain', x.indexprs is null and x.indpred is null and ic.relam = (select oid from pg_am where amname = 'btree')
                      and 0 = all(x.indoption::int2[])
                      and not exists (select from pg_opclass oc where oc.oid = any(x.indclass::oid[]) and not oc.opcdefault)
                      and not exists (select from unnest(x.indcollation::oid[], x.indkey::int2[]) k(coll, number)
                            join pg_attribute ka on ka.attrelid = c.oid and ka.attnum = k.number
                           where k.coll <> 0 and k.coll <> ka.attcollation),
                 'labels', (select json_agg(la.attname order by la.attnum) from pg_attribute la where la.attrelid = ic.oid),
                 'uses', (select coalesce(json_agg(distinct ua.attname), '[]') from pg_attribute ua
                           where ua.attrelid = c.oid and ua.attnum > 0 and (ua.attnum = any(x.indkey::int2[]) or exists (
                                 select from pg_depend ud where ud.classid = 'pg_class'::regclass and ud.objid = x.indexrelid
                                    and ud.refclassid = 'pg_class'::regclass and ud.refobjid = c.oid and ud.refobjsubid = ua.attnum))),
                 'columns', (select json_agg(coalesce(ia.attname, '') order by k.ordinality)
                               from unnest(x.indkey::int2[]) with ordinality k(number, ordinality)
                               left join pg_attribute ia on ia.attrelid = c.oid and ia.attnum = k.number
                              where k.ordinality <= x.indnkeyatts)) order by ic.relname), '[]')
            from pg_index x join pg_class ic on ic.oid = x.indexrelid where x.indrelid = c.oid) as indexes,
         (select coalesce(json_agg(${named('k', 'kn')} order by k.oid), '[]')
            from pg_inherits i join pg_class k on k.oid = i.inhrelid join pg_namespace kn on kn.oid = k.relnamespace
           where i.inhparent = c.oid and k.relkind not in ('i', 'I')) as children,
         (select ${named('p', 'pn')} from pg_inherits i join pg_class p on p.oid = i.inhparent
            join pg_namespace pn on pn.oid = p.relnamespace where i.inhrelid = c.oid and c.relispartition limit 1) as parent,
         exists (select from pg_partitioned_table q where q.partdefid = c.oid) as "isDefault",
         (select json_agg(ka.attname order by k.ordinality)
            from pg_partitioned_table q, unnest(q.partattrs::int2[]) with ordinality k(number, ordinality)
            left join pg_attribute ka on ka.attrelid = c.oid and ka.attnum = k.number
           where q.partrelid = c.oid) as "partitionKey",
         (select coalesce(json_agg(distinct jsonb_build_object('schema', dn.nspname, 'name', dc.relname)), '[]')
            from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                 and d.refclassid = 'pg_class'::regclass and d.refobjid <> c.oid
            join pg_class dc on dc.oid = d.refobjid and dc.relkind in ('r', 'p', 'v', 'm', 'f')
            join pg_namespace dn on dn.oid = dc.relnamespace
           where r.ev_class = c.oid and c.relkind in ('v', 'm')) as reads,
         (select json_build_object('schema', tn.nspname, 'name', t.relname, 'column', ta.attname)
            from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
            join pg_attribute ta on ta.attrelid = t.oid and ta.attnum = d.refobjsubid
           where c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
             and d.refclassid = 'pg_class'::regclass limit 1) as "ownedBy",
         (select json_build_object('schema', yn.nspname, 'name', y.typname) from pg_type y
            join pg_namespace yn on yn.oid = y.typnamespace where y.oid = c.reloftype) as "ofType",
         (select coalesce(json_agg(json_build_object('name', g.tgname, 'runs', json_build_object('schema', gn.nspname, 'name', gp.proname))), '[]')
            from pg_trigger g join pg_proc gp on gp.oid = g.tgfoid join pg_namespace gn on gn.oid = gp.pronamespace
           where g.tgrelid = c.oid and not g.tgisinternal) as triggers,
         (select coalesce(json_agg(json_build_object('schema', sn.nspname, 'name', se.stxname)), '[]')
            from pg_statistic_ext se join pg_namespace sn on sn.oid = se.stxnamespace where se.stxrelid = c.oid) as statistics,
         coalesce((select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace), '') as tablespace,
         coalesce((select am.amname from pg_am am where am.oid = c.relam), 'heap') as "accessMethod",
         pg_get_userbyid(c.relowner) as owner,
         greatest(c.reltuples, coalesce(s.n_live_tup, 0), 0)::float8 as rows,
         (8192::float8 * (c.relpages + coalesce((select sum(ic.relpages) from pg_index x
            join pg_class ic on ic.oid = x.indexrelid where x.indrelid = c.oid), 0)
            + coalesce((select tc.relpages from pg_class tc where tc.oid = c.reltoastrelid), 0))) as bytes
    from wanted w join pg_class c on c.oid = w.oid join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_all_tables s on s.relid = c.oid
   where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${notSystem}`;
}

/** $1 oids of the relations. 18 has constraints that are not enforced, and named NOT NULL ones. */
export function constraintQuery(major: number): string {
  const enforced = major >= 18 ? 'k.conenforced' : 'true';
  return `
  select n.nspname as schema, c.relname as name, k.conname as constraint, k.contype as type, ${enforced} as enforced,
         ${enforced} and k.convalidated as validated,
         pg_get_constraintdef(k.oid) as definition,
         (select coalesce(json_agg(a.attname order by p.ordinality), '[]')
            from unnest(k.conkey) with ordinality p(number, ordinality) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number) as columns,
         case when k.contype = 'f' then ${named('f', 'fn')} end as references,
         (select coalesce(json_agg(a.attname order by p.ordinality), '[]')
            from unnest(k.confkey) with ordinality p(number, ordinality) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number) as "referencedColumns",
         case k.confdeltype when 'c' then 'deletes' when 'n' then 'changes' when 'd' then 'changes' else 'refuses' end as "onDelete"
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
   where k.conrelid::int8::int4 = any($1::int4[]) and k.contype in ('c', 'f', 'p', 'u', 'x', 'n')
     -- A foreign key to a partitioned table has copies for its partitions.
     and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid)
   order by k.oid`;
}
