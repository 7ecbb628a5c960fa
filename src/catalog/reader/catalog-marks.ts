import {
  isUserSchema,
  relationObject,
  userRelations,
  type CatalogQuery,
  type RelationQuery,
} from './catalog-query';
import { relationParts } from './relation-parts';
import { subscriptions } from './replication';

/** Objects below were made by initdb: https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT */
const firstOfUser = 16384;

/** Catalogs whose rows belong to a relation or an index, and the column that says to which. */
const relationFacts: readonly (readonly [catalog: string, column: string])[] = [
  ['pg_class', 'oid'],
  ['pg_attribute', 'attrelid'],
  ['pg_inherits', 'inhrelid'],
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

/** Others, as `from` and `where` with the oid of the relation: its parents' names, and the column a sequence belongs to. */
const furtherFacts: readonly (readonly [oid: string, born: string, from: string])[] = [
  ['h.inhrelid', 'p.xmin', 'pg_inherits h join pg_class p on p.oid = h.inhparent'],
  [
    's.seqrelid',
    'd.xmin',
    `pg_sequence s join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid`,
  ],
];

/** Catalogs that tell of all else, with what of them is to be looked at. */
const otherFacts: readonly (readonly [catalog: string, condition: string])[] = [
  ['pg_namespace', isUserSchema('nspname')],
  // Those that tables and arrays bring with them come and go with their tables.
  ['pg_type', `oid >= ${firstOfUser} and typrelid = 0 and typcategory <> 'A'`],
  ['pg_enum', 'true'],
  ['pg_range', 'true'],
  ['pg_proc', `oid >= ${firstOfUser}`],
  ['pg_aggregate', `aggfnoid >= ${firstOfUser}::oid`],
  ['pg_operator', `oid >= ${firstOfUser}`],
  ['pg_cast', `oid >= ${firstOfUser}`],
  ['pg_collation', `oid >= ${firstOfUser}`],
  ['pg_constraint', 'conrelid = 0 and contypid <> 0'],
  ['pg_description', `objoid >= ${firstOfUser}`],
  // What initdb made and is the user's: the schema "public", an extension, a language.
  [
    'pg_description',
    `objoid in (select oid from pg_namespace union all select oid from pg_extension union all select oid from pg_language)`,
  ],
  ['pg_extension', 'true'],
  ['pg_depend', `refclassid = 'pg_extension'::regclass`],
  ['pg_publication', 'true'],
  ['pg_publication_rel', 'true'],
  ['pg_event_trigger', 'true'],
  ['pg_am', 'true'],
  ['pg_opclass', `oid >= ${firstOfUser}`],
  ['pg_opfamily', `oid >= ${firstOfUser}`],
  ['pg_amop', `oid >= ${firstOfUser}`],
  ['pg_amproc', `oid >= ${firstOfUser}`],
  ['pg_conversion', `oid >= ${firstOfUser}`],
  ['pg_language', 'true'],
  ['pg_transform', 'true'],
  ['pg_ts_config', 'true'],
  ['pg_ts_config_map', `mapcfg >= ${firstOfUser}`],
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

/** What `catalogMarks` gives: lists are `,` between entries and a blank within one, null where empty. */
export interface MarksRow {
  /** Of all that is no relation. */
  mark: string;
  /** Whether the present transaction has written. */
  written: boolean;
  /** Whether a routine's body is kept as a query. */
  bodiesReadRelations: boolean;
  /** Of each relation of the user's: oid, bytes of its own file, oid of its TOAST table or 0. */
  relations: string | null;
  /** Of each index: oid, oid of its table. */
  indexes: string | null;
  /** By relation or index: oid, how many rows of catalogs tell of it, the youngest xmin among them. */
  facts: string | null;
}

/**
 * The youngest xmin of a group. Two ages in one transaction count from the same xid, and cost a tenth of spelling each xid as text; what
 * initdb made has no age: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
function youngest(xmin: string): string {
  return `greatest(age('3'::xid) - min(age(${xmin})), 0)`;
}

/**
 * One row with what becomes another after any change of the catalog. A change of rows leaves either a row version that is younger than all
 * before, or fewer rows: xmin and count tell. So marks are to be compared between transactions; in one that has written, two
 * changes have the same xmin. The planner expects next to nothing beyond initdb's oids and would nest loops over it: so there
 * are no joins between these lists, and each is read by its index.
 */
export const catalogMarks: CatalogQuery = (major) => {
  const others = major >= 15 ? [...otherFacts, ['pg_publication_namespace', 'true'] as const] : otherFacts;
  const counted = others.map(
    ([catalog, condition]) =>
      `(select count(*) || ' ' || coalesce(${youngest('xmin')}, 0) from ${catalog} where ${condition})`,
  );
  const facts = [
    ...relationFacts.map(
      ([catalog, column]) =>
        `select ${column} as oid, xmin as born from ${catalog} where ${column} >= ${firstOfUser}${catalog === 'pg_attribute' ? ' and attnum > 0' : ''}`,
    ),
    ...furtherFacts.map(([oid, born, from]) => `select ${oid}, ${born} from ${from}`),
  ];
  return `select concat_ws(',', ${counted.join(',\n      ')},
      (select md5(string_agg(rolname, ',' order by oid)) from pg_roles),
      ${unreadable(major).join(',\n      ')}) as mark,
    txid_current_if_assigned() is not null as written,
    ${major >= 14 ? `exists (select from pg_proc where prosqlbody is not null and oid >= ${firstOfUser})` : 'false'} as "bodiesReadRelations",
    (select string_agg(concat_ws(' ', c.oid, case when c.relkind in ('r', 'm') then pg_relation_size(c.oid) else 0 end, c.reltoastrelid), ',')
       from ${userRelations} and c.oid >= ${firstOfUser}) as relations,
    (select string_agg(concat_ws(' ', indexrelid, indrelid), ',') from pg_index where indexrelid >= ${firstOfUser}) as indexes,
    (select string_agg(concat_ws(' ', oid, rows, youngest), ',')
       from (select oid, count(*) as rows, ${youngest('born')} as youngest from (${facts.join('\n      union all ')}) as fact group by oid) as counted) as facts`;
};

/**
 * A row for each of these relations: `object`, `oid`, `kind` (relkind), `columns` (their names by number, null where dropped),
 * `readsOthers` (a view's query, a rule or a policy may name other relations), `mayHave` (for each of `relationParts`, 1 or 0).
 */
export const relationHeads: RelationQuery = (relations) => `
  select ${relationObject} as object, c.oid::text as oid, c.relkind::text as kind,
         case when c.relkind = 'S' then '{}' else array(select case when not a.attisdropped then a.attname::text end
           from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum) end as columns,
         exists (select from pg_rewrite w where w.ev_class = c.oid) or exists (select from pg_policy y where y.polrelid = c.oid) as "readsOthers",
         ${relationParts.map(({ mayHave }) => `case when ${mayHave ?? 'true'} then '1' else '0' end`).join(' || ')} as "mayHave"
    from ${relations}`;
