import {
  flag,
  isNotOfExtension,
  isUserSchema,
  propertyRows,
  qualified,
  roleName,
  type CatalogQuery,
} from './catalog-query';

const extensions: CatalogQuery = () =>
  propertyRows(
    `'extension ' || quote_ident(x.extname)`,
    null,
    [
      ['exists', `'yes'`],
      ['version', 'x.extversion'],
      ['schema', 'quote_ident(n.nspname)'],
      ['owner', roleName('x.extowner')],
      ['comment', `obj_description(x.oid, 'pg_extension')`],
    ],
    'pg_extension x join pg_namespace n on n.oid = x.extnamespace',
  );

const publicationObject = `'publication ' || quote_ident(p.pubname)`;

const publications: CatalogQuery = (major) =>
  propertyRows(
    publicationObject,
    null,
    [
      ['exists', `'yes'`],
      ['owner', roleName('p.pubowner')],
      ['all tables', flag('p.puballtables')],
      [
        'operations',
        `concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end)`,
      ],
      ['via root', major >= 13 ? flag('p.pubviaroot') : 'null'],
      ['generated columns', major >= 18 ? `case when p.pubgencols = 's' then 'stored' end` : 'null'],
      ['comment', `obj_description(p.oid, 'pg_publication')`],
    ],
    'pg_publication p',
  );

const publishedTables: CatalogQuery = (major) =>
  propertyRows(
    publicationObject,
    `'table ' || ${qualified('n.nspname', 'c.relname')}`,
    [
      ['published', `'yes'`],
      [
        'columns',
        major >= 15
          ? `(select string_agg(quote_ident(a.attname), ', ' order by quote_ident(a.attname)) from pg_attribute a where a.attrelid = c.oid and a.attnum = any(r.prattrs::int2[]))`
          : 'null',
      ],
      ['row filter', major >= 15 ? 'pg_get_expr(r.prqual, r.prrelid)' : 'null'],
    ],
    'pg_publication p join pg_publication_rel r on r.prpubid = p.oid join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace',
  );

const publishedSchemas: CatalogQuery = (major) =>
  major < 15
    ? 'select null::text as object, null::text as part, null::text as property, null::text as value where false'
    : propertyRows(
        publicationObject,
        `'schema ' || quote_ident(n.nspname)`,
        [['published', `'yes'`]],
        'pg_publication p join pg_publication_namespace s on s.pnpubid = p.oid join pg_namespace n on n.oid = s.pnnspid',
      );

const eventTriggers: CatalogQuery = () =>
  propertyRows(
    `'event trigger ' || quote_ident(v.evtname)`,
    null,
    [
      ['exists', `'yes'`],
      ['event', 'v.evtevent'],
      ['function', 'v.evtfoid::regprocedure'],
      ['tags', `(select string_agg(tag, ', ' order by tag) from unnest(v.evttags) as tag)`],
      [
        'enabled',
        `case v.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' end`,
      ],
      ['owner', roleName('v.evtowner')],
      ['comment', `obj_description(v.oid, 'pg_event_trigger')`],
    ],
    `(select * from pg_event_trigger v where ${isNotOfExtension('pg_event_trigger', 'v.oid')}) as v`,
  );

const statistics: CatalogQuery = (major) =>
  propertyRows(
    `'statistics ' || ${qualified('n.nspname', 's.stxname')}`,
    null,
    [
      ['exists', `'yes'`],
      ['definition', 'pg_get_statisticsobjdef(s.oid)'],
      ['target', major >= 13 ? 'nullif(s.stxstattarget, -1)' : 'null'],
      ['owner', roleName('s.stxowner')],
      ['comment', `obj_description(s.oid, 'pg_statistic_ext')`],
    ],
    `pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace and ${isUserSchema('n.nspname')}`,
  );

const defaultPrivileges: CatalogQuery = () => {
  const object = `'default privileges of ' || ${roleName('f.defaclrole')} || coalesce(' in schema ' || quote_ident(n.nspname), '') || ' on ' ||
    case f.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end`;
  const from = 'pg_default_acl f left join pg_namespace n on n.oid = f.defaclnamespace';
  return `${propertyRows(object, null, [['exists', `'yes'`]], from)}
    union all
    select ${object}, 'privileges of ' || case when g.grantee = f.defaclrole then 'the owner' else ${roleName('g.grantee')} end, g.privilege_type,
           case when bool_or(g.is_grantable) then 'grantable' else 'granted' end
      from ${from} cross join lateral aclexplode(f.defaclacl) as g group by 1, 2, 3`;
};

const collations: CatalogQuery = (major) => {
  const locale =
    major >= 17
      ? `coalesce(co.colllocale, co.collcollate || ' ' || co.collctype)`
      : major >= 15
        ? `coalesce(co.colliculocale, co.collcollate || ' ' || co.collctype)`
        : `co.collcollate || ' ' || co.collctype`;
  return propertyRows(
    `'collation ' || ${qualified('n.nspname', 'co.collname')}`,
    null,
    [
      ['exists', `'yes'`],
      ['provider', 'co.collprovider'],
      ['locale', locale],
      ['deterministic', `case when not co.collisdeterministic then 'no' end`],
      ['owner', roleName('co.collowner')],
      ['comment', `obj_description(co.oid, 'pg_collation')`],
    ],
    `pg_collation co join pg_namespace n on n.oid = co.collnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_collation', 'co.oid')}`,
  );
};

const operators: CatalogQuery = () =>
  propertyRows(
    `'operator ' || quote_ident(n.nspname) || '.' || o.oprname || '(' || format_type(nullif(o.oprleft, 0), null) || ',' || format_type(o.oprright, null) || ')'`,
    null,
    [
      ['exists', `'yes'`],
      ['function', 'o.oprcode::regprocedure'],
      ['commutator', 'nullif(o.oprcom, 0)::regoperator'],
      ['negator', 'nullif(o.oprnegate, 0)::regoperator'],
      ['owner', roleName('o.oprowner')],
      ['comment', `obj_description(o.oid, 'pg_operator')`],
    ],
    `pg_operator o join pg_namespace n on n.oid = o.oprnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_operator', 'o.oid')}`,
  );

/** Casts below this oid are PostgreSQL's own (FirstNormalObjectId); a range type brings one with it. */
const casts: CatalogQuery = () =>
  propertyRows(
    `'cast (' || format_type(k.castsource, null) || ' as ' || format_type(k.casttarget, null) || ')'`,
    null,
    [
      ['exists', `'yes'`],
      ['function', 'nullif(k.castfunc, 0)::regprocedure'],
      [
        'context',
        `case k.castcontext when 'i' then 'implicit' when 'a' then 'assignment' else 'explicit' end`,
      ],
      ['method', `case k.castmethod when 'f' then 'function' when 'i' then 'inout' else 'binary' end`],
    ],
    `(select * from pg_cast k where k.oid >= 16384 and ${isNotOfExtension('pg_cast', 'k.oid')}
        and not exists (select from pg_depend i where i.classid = 'pg_cast'::regclass and i.objid = k.oid and i.deptype = 'i')) as k`,
  );

const foreignServers: CatalogQuery = () => {
  const options = (list: string): string =>
    `(select string_agg(o, ', ' order by o) from unnest(${list}) as o)`;
  return [
    propertyRows(
      `'foreign server ' || quote_ident(s.srvname)`,
      null,
      [
        ['exists', `'yes'`],
        ['wrapper', 'quote_ident(w.fdwname)'],
        ['options', options('s.srvoptions')],
        ['owner', roleName('s.srvowner')],
        ['comment', `obj_description(s.oid, 'pg_foreign_server')`],
      ],
      'pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw',
    ),
    propertyRows(
      `'foreign data wrapper ' || quote_ident(w.fdwname)`,
      null,
      [
        ['exists', `'yes'`],
        ['handler', 'nullif(w.fdwhandler, 0)::regprocedure'],
        ['options', options('w.fdwoptions')],
        ['owner', roleName('w.fdwowner')],
      ],
      `(select * from pg_foreign_data_wrapper w where ${isNotOfExtension('pg_foreign_data_wrapper', 'w.oid')}) as w`,
    ),
  ].join(' union all ');
};

export const databaseObjectQueries: readonly CatalogQuery[] = [
  extensions,
  publications,
  publishedTables,
  publishedSchemas,
  eventTriggers,
  statistics,
  defaultPrivileges,
  collations,
  operators,
  casts,
  foreignServers,
];
