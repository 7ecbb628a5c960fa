import {
  chosenName,
  flag,
  inheritedState,
  isUserSchema,
  privilegeRows,
  propertyRows,
  qualified,
  relationObject,
  roleName,
  sortedOptions,
  type CatalogQuery,
  type RelationPart,
  type RelationQuery,
  comment,
} from './catalog-query';

const relationProperties: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    null,
    [
      ['exists', `'yes'`],
      ['owner', roleName('c.relowner')],
      ['comment', comment('c.oid', 'pg_class')],
      ['persistence', `case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' end`],
      ['access method', `(select amname from pg_am where pg_am.oid = c.relam and amname <> 'heap')`],
      ['tablespace', `(select spcname from pg_tablespace where pg_tablespace.oid = c.reltablespace)`],
      ['storage parameters', sortedOptions('c.reloptions')],
      [
        'toast storage parameters',
        `(select ${sortedOptions('toast.reloptions')} from pg_class toast where toast.oid = c.reltoastrelid)`,
      ],
      ['row security', flag('c.relrowsecurity')],
      ['forced row security', flag('c.relforcerowsecurity')],
      [
        'replica identity',
        `case c.relreplident when 'n' then case when c.relkind in ('r', 'p') then 'nothing' end when 'f' then 'full' when 'i' then
           (select 'index ' || quote_ident(i.relname) from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisreplident) end`,
      ],
      ['partition key', `case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end`],
      ['partition bound', `case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end`],
      [
        'parents',
        `case when c.relkind in ('r', 'p', 'f') then (select string_agg(${qualified('pn.nspname', 'pc.relname')}, ', ' order by i.inhseqno)
           from pg_inherits i join pg_class pc on pc.oid = i.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where i.inhrelid = c.oid) end`,
      ],
      ['of type', `case when c.reloftype <> 0 then format_type(c.reloftype, null) end`],
      ['definition', `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`],
      ['populated', `case when c.relkind = 'm' and not c.relispopulated then 'no' end`],
      [
        'server',
        `(select quote_ident(s.srvname) || coalesce(' (' || ${sortedOptions('ft.ftoptions')} || ')', '')
            from pg_foreign_table ft join pg_foreign_server s on s.oid = ft.ftserver where ft.ftrelid = c.oid)`,
      ],
    ],
    relations,
  );

const columns: RelationQuery = (relations, major) =>
  propertyRows(
    relationObject,
    `'column ' || quote_ident(a.attname)`,
    [
      ['type', 'format_type(a.atttypid, a.atttypmod)'],
      [
        'collation',
        `(select ${qualified('cn.nspname', 'co.collname')} from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
           where co.oid = a.attcollation and a.attcollation <> t.typcollation)`,
      ],
      // PostgreSQL 18 makes NOT NULL a constraint.
      [
        'not null',
        major >= 18
          ? `case when not k.convalidated then 'not valid' when k.connoinherit then 'no inherit' when a.attnotnull then 'yes' end`
          : flag('a.attnotnull'),
      ],
      ['not null name', major >= 18 ? chosenName('k.conname') : 'null'],
      ['not null inherited', major >= 18 ? inheritedState('k') : 'null'],
      ['not null comment', major >= 18 ? comment('k.oid', 'pg_constraint') : 'null'],
      ['default', `case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end`],
      [
        'generated',
        `case a.attgenerated when 's' then pg_get_expr(d.adbin, d.adrelid) || ' stored' when 'v' then pg_get_expr(d.adbin, d.adrelid) || ' virtual' end`,
      ],
      ['identity', `case a.attidentity when 'a' then 'always' when 'd' then 'by default' end`],
      [
        'storage',
        `case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end end`,
      ],
      [
        'compression',
        major >= 14 ? `case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end` : 'null',
      ],
      ['statistics target', 'nullif(a.attstattarget, -1)'],
      ['options', sortedOptions('a.attoptions')],
      ['foreign options', sortedOptions('a.attfdwoptions')],
      [
        'inherited',
        `case when a.attinhcount > 0 then case when a.attislocal then 'and its own' else 'yes' end end`,
      ],
      ['comment', comment('a.attrelid', 'pg_class', 'a.attnum')],
    ],
    `${relations} and c.relkind <> 'S'
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      ${major >= 18 ? `left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'n' and k.conkey = array[a.attnum]` : ''}`,
  );

const columnPrivileges: RelationQuery = (relations) =>
  `select ${relationObject} as object, 'column ' || quote_ident(a.attname) as part,
          'privilege ' || g.privilege_type || ' of ' || ${roleName('g.grantee')} as property,
          case when bool_or(g.is_grantable) then 'grantable' else 'granted' end as value
     from ${relations} join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    cross join lateral aclexplode(a.attacl) as g group by 1, 2, 3`;

const relationPrivileges: RelationQuery = (relations) =>
  [
    { letter: 'r', condition: `c.relkind not in ('S', 'c')` },
    { letter: 's', condition: `c.relkind = 'S'` },
  ]
    .map(({ letter, condition }) =>
      privilegeRows({
        object: relationObject,
        from: `${relations} and ${condition}`,
        acl: 'c.relacl',
        letter,
        owner: 'c.relowner',
      }),
    )
    .join(' union all ');

const sequences: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    null,
    [
      ['type', 'format_type(s.seqtypid, null)'],
      ['start', 's.seqstart'],
      ['increment', 's.seqincrement'],
      ['minimum', 's.seqmin'],
      ['maximum', 's.seqmax'],
      ['cache', 's.seqcache'],
      ['cycle', flag('s.seqcycle')],
      [
        'owned by',
        `(select ${qualified('tn.nspname', 'tc.relname')} || '.' || quote_ident(ta.attname)
            from pg_depend d join pg_class tc on tc.oid = d.refobjid join pg_namespace tn on tn.oid = tc.relnamespace
            join pg_attribute ta on ta.attrelid = d.refobjid and ta.attnum = d.refobjsubid
           where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))`,
      ],
    ],
    `${relations} and c.relkind = 'S' join pg_sequence s on s.seqrelid = c.oid`,
  );

const schemas: CatalogQuery = () => {
  const from = `pg_namespace n`;
  const object = `'schema ' || quote_ident(n.nspname)`;
  const mine = `(select * from ${from} where ${isUserSchema('n.nspname')} and not exists (select from pg_depend e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')) as n`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['owner', roleName('n.nspowner')],
        ['comment', comment('n.oid', 'pg_namespace')],
      ],
      mine,
    ),
    privilegeRows({ object, from: mine, acl: 'n.nspacl', letter: 'n', owner: 'n.nspowner' }),
  ].join(' union all ');
};

export const relationSelfParts: readonly RelationPart[] = [
  { query: relationProperties },
  { query: columns },
  {
    query: columnPrivileges,
    mayHave: `exists (select from pg_attribute p where p.attrelid = c.oid and p.attacl is not null)`,
  },
  { query: relationPrivileges, mayHave: `c.relacl is not null` },
  { query: sequences, mayHave: `c.relkind = 'S'` },
];

export const schemaQueries: readonly CatalogQuery[] = [schemas];
