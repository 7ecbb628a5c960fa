import {
  flag,
  isNotOfExtension,
  isUserSchema,
  privilegeRows,
  propertyRows,
  qualified,
  roleName,
  routineName,
  type CatalogQuery,
  comment,
} from './catalog-query';

/** Casts below this oid are PostgreSQL's own (FirstNormalObjectId); a range type brings one with it. */
const casts: CatalogQuery = () =>
  propertyRows(
    `'cast (' || format_type(k.castsource, null) || ' as ' || format_type(k.casttarget, null) || ')'`,
    null,
    [
      ['exists', `'yes'`],
      ['function', routineName('k.castfunc')],
      [
        'context',
        `case k.castcontext when 'i' then 'implicit' when 'a' then 'assignment' else 'explicit' end`,
      ],
      ['method', `case k.castmethod when 'f' then 'function' when 'i' then 'inout' else 'binary' end`],
      ['comment', comment('k.oid', 'pg_cast')],
    ],
    `(select * from pg_cast k where k.oid >= 16384 and ${isNotOfExtension('pg_cast', 'k.oid')}
        and not exists (select from pg_depend i where i.classid = 'pg_cast'::regclass and i.objid = k.oid and i.deptype = 'i')) as k`,
  );

const conversions: CatalogQuery = () =>
  propertyRows(
    `'conversion ' || ${qualified('n.nspname', 'v.conname')}`,
    null,
    [
      ['exists', `'yes'`],
      ['from', 'pg_encoding_to_char(v.conforencoding)'],
      ['to', 'pg_encoding_to_char(v.contoencoding)'],
      ['function', routineName('v.conproc')],
      ['default', flag('v.condefault')],
      ['owner', roleName('v.conowner')],
      ['comment', comment('v.oid', 'pg_conversion')],
    ],
    `pg_conversion v join pg_namespace n on n.oid = v.connamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_conversion', 'v.oid')}`,
  );

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
      ['rules', major >= 16 ? 'co.collicurules' : 'null'],
      ['deterministic', `case when not co.collisdeterministic then 'no' end`],
      ['owner', roleName('co.collowner')],
      ['comment', comment('co.oid', 'pg_collation')],
    ],
    `pg_collation co join pg_namespace n on n.oid = co.collnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_collation', 'co.oid')}`,
  );
};

const languages: CatalogQuery = () => {
  const object = `'language ' || quote_ident(l.lanname)`;
  const from = `(select * from pg_language l where l.lanispl and ${isNotOfExtension('pg_language', 'l.oid')}) as l`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['trusted', flag('l.lanpltrusted')],
        ['handler', routineName('l.lanplcallfoid')],
        ['inline handler', routineName('l.laninline')],
        ['validator', routineName('l.lanvalidator')],
        ['owner', roleName('l.lanowner')],
        ['comment', comment('l.oid', 'pg_language')],
      ],
      from,
    ),
    privilegeRows({ object, from, acl: 'l.lanacl', letter: 'l', owner: 'l.lanowner' }),
  ].join(' union all ');
};

const transforms: CatalogQuery = () =>
  propertyRows(
    `'transform for ' || format_type(f.trftype, null) || ' language ' || quote_ident(l.lanname)`,
    null,
    [
      ['exists', `'yes'`],
      ['from sql', routineName('f.trffromsql')],
      ['to sql', routineName('f.trftosql')],
      ['comment', comment('f.oid', 'pg_transform')],
    ],
    `(select * from pg_transform f where ${isNotOfExtension('pg_transform', 'f.oid')}) as f join pg_language l on l.oid = f.trflang`,
  );

/** How values, characters and languages lead from one to another. */
export const conversionQueries: readonly CatalogQuery[] = [
  casts,
  conversions,
  collations,
  languages,
  transforms,
];
