import { isUserSchema, relationObject, userRelations, type CatalogQuery } from './catalog-query';
import { subscriptions } from './replication';

/**
 * A row for each relation of the user's: `object`, `oid`, `kind` (relkind), `bytes` of its own file, `columns` (their
 * names by number, null where dropped), `readsOthers` (a view's query, a rule or a policy may name other relations) and `mark`, which is another one after any change of what the catalog says of it.
 *
 * A change of rows leaves either a row version that is younger than all before, or fewer rows: xmin and count tell. So
 * these are to be compared between transactions; in one that has written, two changes have the same xmin.
 */
export const relationMarks: CatalogQuery = () => `
  with relation as materialized (
    select c.oid, ${relationObject} as object, c.relkind, c.reltoastrelid from ${userRelations}
  ), member as materialized (
    select oid, oid as relation from relation
    union all select reltoastrelid, oid from relation where reltoastrelid <> 0
    union all select x.indexrelid, x.indrelid from pg_index x join relation r on r.oid = x.indrelid
  ), fact(relation, born) as (
    select m.relation, c.xmin from member m join pg_class c on c.oid = m.oid
    union all select m.relation, a.xmin from member m join pg_attribute a on a.attrelid = m.oid where a.attnum > 0
    union all select m.relation, h.xmin from member m join pg_inherits h on h.inhrelid = m.oid
    union all select m.relation, p.xmin from member m join pg_inherits h on h.inhrelid = m.oid join pg_class p on p.oid = h.inhparent
    union all select r.oid, d.xmin from relation r join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid
      where r.relkind = 'S'
    ${relationFacts
      .map(
        ([catalog, column]) =>
          `union all select f.${column}, f.xmin from ${catalog} f join relation r on r.oid = f.${column}`,
      )
      .join('\n    ')}
  ), marked as (
    select relation, count(*) || ' ' || max(born::text::bigint) as mark from fact group by relation
  ), named as (
    select a.attrelid, array_agg(case when not a.attisdropped then a.attname::text end order by a.attnum) as names
      from pg_attribute a join relation r on r.oid = a.attrelid and r.relkind <> 'S' where a.attnum > 0 group by a.attrelid
  )
  select r.object, r.oid::text as oid, r.relkind::text as kind,
         case when r.relkind in ('r', 'm') then pg_relation_size(r.oid)::int8 else 0 end::float8 as bytes,
         m.mark, coalesce(n.names, '{}') as columns,
         exists (select from pg_rewrite w where w.ev_class = r.oid) or exists (select from pg_policy y where y.polrelid = r.oid) as "readsOthers"
    from relation r join marked m on m.relation = r.oid left join named n on n.attrelid = r.oid
   order by r.object`;

/** Catalogs whose rows belong to a relation, and the column that says to which. */
const relationFacts: readonly (readonly [string, string])[] = [
  ['pg_constraint', 'conrelid'],
  ['pg_index', 'indrelid'],
  ['pg_trigger', 'tgrelid'],
  ['pg_rewrite', 'ev_class'],
  ['pg_policy', 'polrelid'],
  ['pg_attrdef', 'adrelid'],
  ['pg_sequence', 'seqrelid'],
  ['pg_foreign_table', 'ftrelid'],
  ['pg_partitioned_table', 'partrelid'],
  // A composite type's privileges are its alone.
  ['pg_type', 'typrelid'],
];

/** Catalogs that tell of all else, with what of them is to be looked at. */
const otherFacts: readonly (readonly [string, string])[] = [
  ['pg_namespace', isUserSchema('nspname')],
  // Those that tables and arrays bring with them come and go with their tables.
  ['pg_type', `typrelid = 0 and typcategory <> 'A'`],
  ['pg_enum', 'true'],
  ['pg_range', 'true'],
  ['pg_proc', 'true'],
  ['pg_aggregate', 'true'],
  ['pg_operator', 'true'],
  ['pg_cast', 'true'],
  ['pg_collation', 'true'],
  ['pg_constraint', 'contypid <> 0'],
  ['pg_description', 'true'],
  ['pg_extension', 'true'],
  ['pg_depend', `refclassid = 'pg_extension'::regclass`],
  ['pg_publication', 'true'],
  ['pg_publication_rel', 'true'],
  ['pg_event_trigger', 'true'],
  ['pg_am', 'true'],
  ['pg_opclass', 'true'],
  ['pg_opfamily', 'true'],
  ['pg_amop', 'true'],
  ['pg_amproc', 'true'],
  ['pg_conversion', 'true'],
  ['pg_language', 'true'],
  ['pg_transform', 'true'],
  ['pg_ts_config', 'true'],
  ['pg_ts_config_map', 'true'],
  ['pg_ts_dict', 'true'],
  ['pg_ts_parser', 'true'],
  ['pg_ts_template', 'true'],
  ['pg_seclabel', 'true'],
  ['pg_tablespace', 'true'],
  ['pg_statistic_ext', 'true'],
  ['pg_default_acl', 'true'],
  ['pg_foreign_server', 'true'],
  ['pg_foreign_data_wrapper', 'true'],
];

/** Catalogs of which not everybody may read every column, and so no xmin. */
const unreadable = (major: number): string[] => [
  `(select md5(string_agg(umid || ' ' || umuser || ' ' || srvname || ' ' || coalesce(umoptions::text, ''), ',' order by umid)) from pg_user_mappings)`,
  `(select md5(string_agg(q.object || q.property || q.value, ',' order by q.object, q.property)) from (${subscriptions(major)}) as q)`,
];

/** One row: `mark` of all that is no relation, and whether the present transaction has written (`written`), and whether a routine's body is kept as a query. */
export const otherMark: CatalogQuery = (major) => {
  const facts = major >= 15 ? [...otherFacts, ['pg_publication_namespace', 'true'] as const] : otherFacts;
  const counted = facts.map(
    ([catalog, condition]) =>
      `(select count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) from ${catalog} where ${condition})`,
  );
  return `select concat_ws(',', ${counted.join(', ')},
      (select md5(string_agg(rolname, ',' order by oid)) from pg_roles),
      ${unreadable(major).join(',\n      ')}) as mark,
    txid_current_if_assigned() is not null as written,
    ${major >= 14 ? `exists (select from pg_proc where prosqlbody is not null and oid >= 16384)` : 'false'} as "bodiesReadRelations"`;
};
