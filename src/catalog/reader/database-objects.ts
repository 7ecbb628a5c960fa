import {
  enabledState,
  isNotOfExtension,
  isUserSchema,
  propertyRows,
  qualified,
  roleName,
  type CatalogQuery,
  comment,
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
      ['comment', comment('x.oid', 'pg_extension')],
    ],
    'pg_extension x join pg_namespace n on n.oid = x.extnamespace',
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
      ['enabled', enabledState('v.evtenabled')],
      ['owner', roleName('v.evtowner')],
      ['comment', comment('v.oid', 'pg_event_trigger')],
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
      ['comment', comment('s.oid', 'pg_statistic_ext')],
    ],
    `pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_statistic_ext', 's.oid')}`,
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

/** One object a provider; the labelled objects are its properties. */
const securityLabels: CatalogQuery = () =>
  `select 'security labels of ' || quote_ident(l.provider) as object, null::text as part, i.type || ' ' || i.identity as property, l.label as value
     from pg_seclabel l cross join lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) as i`;

export const databaseObjectQueries: readonly CatalogQuery[] = [
  extensions,
  eventTriggers,
  statistics,
  defaultPrivileges,
  securityLabels,
];
