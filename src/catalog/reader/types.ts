import {
  chosenName,
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

const object = `case t.typtype when 'd' then 'domain ' else 'type ' end || ${qualified('n.nspname', 't.typname')}`;

/** Neither array types nor those a table, view, sequence or range brings with it. */
const from = `pg_type t join pg_namespace n on n.oid = t.typnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_type', 't.oid')}
  and t.typtype <> 'm' and not exists (select from pg_type element where element.typarray = t.oid)
  and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))`;

/** One of the catalogs whose columns begin with `prefix`. */
const nameOf = (catalog: string, prefix: string, oid: string, condition = 'true'): string =>
  `(select ${qualified('xn.nspname', `x.${prefix}name`)} from ${catalog} x join pg_namespace xn on xn.oid = x.${prefix}namespace where x.oid = ${oid} and ${condition})`;
const ofNotNull = (value: string): string =>
  `(select ${value} from pg_constraint k where k.contypid = t.oid and k.contype = 'n')`;
const ofRange = (value: string): string => `(select ${value} from pg_range r where r.rngtypid = t.oid)`;

/** https://www.postgresql.org/docs/current/sql-createtype.html */
const baseType = (major: number): (readonly [string, string])[] => [
  ['input', routineName('t.typinput')],
  ['output', routineName('t.typoutput')],
  ['receive', routineName('t.typreceive')],
  ['send', routineName('t.typsend')],
  ['modifier input', routineName('t.typmodin')],
  ['modifier output', routineName('t.typmodout')],
  ['analyze', routineName('t.typanalyze')],
  ['subscript', major >= 14 ? routineName('t.typsubscript') : 'null'],
  ['length', 't.typlen'],
  ['by value', flag('t.typbyval')],
  ['alignment', 't.typalign'],
  ['storage', 't.typstorage'],
  ['category', 't.typcategory'],
  ['preferred', flag('t.typispreferred')],
  ['delimiter', `nullif(t.typdelim, ',')`],
  ['element', 'format_type(nullif(t.typelem, 0), null)'],
  ['collatable', flag('t.typcollation <> 0')],
];

const types: CatalogQuery = (major) =>
  propertyRows(
    object,
    null,
    [
      ['exists', `'yes'`],
      [
        'kind',
        `case t.typtype when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range' when 'b' then 'base' when 'p' then 'shell' end`,
      ],
      ['owner', roleName('t.typowner')],
      ['comment', comment('t.oid', 'pg_type')],
      [
        'labels',
        `(select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)`,
      ],
      ['subtype', `(select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = t.oid)`],
      ['operator class', ofRange(`${nameOf('pg_opclass', 'opc', 'r.rngsubopc', 'not x.opcdefault')}`)],
      ['range collation', ofRange(nameOf('pg_collation', 'coll', 'r.rngcollation'))],
      ['canonical', ofRange(routineName('r.rngcanonical'))],
      ['difference', ofRange(routineName('r.rngsubdiff'))],
      ['multirange', major >= 14 ? ofRange(nameOf('pg_type', 'typ', 'r.rngmultitypid')) : 'null'],
      ...baseType(major).map(
        ([property, value]) => [property, `case when t.typtype = 'b' then ${value} end`] as const,
      ),
      ['base type', `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`],
      ['default', `case when t.typtype in ('b', 'd') then t.typdefault end`],
      ['not null', flag(`t.typtype = 'd' and t.typnotnull`)],
      ['not null name', major >= 17 ? ofNotNull(chosenName('k.conname')) : 'null'],
      ['not null comment', major >= 17 ? ofNotNull(comment('k.oid', 'pg_constraint')) : 'null'],
      [
        'collation',
        `(select ${qualified('cn.nspname', 'co.collname')} from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
           join pg_type b on b.oid = t.typbasetype where co.oid = t.typcollation and t.typtype = 'd' and t.typcollation <> b.typcollation)`,
      ],
    ],
    from,
  );

const domainConstraints: CatalogQuery = () =>
  propertyRows(
    object,
    `'constraint ' || quote_ident(k.conname)`,
    [
      ['definition', `regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')`],
      ['validated', `case when not k.convalidated then 'no' end`],
      ['comment', comment('k.oid', 'pg_constraint')],
    ],
    `${from} join pg_constraint k on k.contypid = t.oid and k.contype <> 'n'`,
  );

const privileges: CatalogQuery = () =>
  privilegeRows({ object, from, acl: 't.typacl', letter: 'T', owner: 't.typowner' });

export const typeQueries: readonly CatalogQuery[] = [types, domainConstraints, privileges];
