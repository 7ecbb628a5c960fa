import {
  flag,
  isNotOfExtension,
  isUserSchema,
  privilegeRows,
  propertyRows,
  qualified,
  roleName,
  type CatalogQuery,
} from './catalog-query';

const object = `case t.typtype when 'd' then 'domain ' else 'type ' end || ${qualified('n.nspname', 't.typname')}`;

/** Neither array types nor those a table, view, sequence or range brings with it. */
const from = `pg_type t join pg_namespace n on n.oid = t.typnamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_type', 't.oid')}
  and t.typtype <> 'm' and not exists (select from pg_type element where element.typarray = t.oid)
  and (t.typrelid = 0 or exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))`;

const types: CatalogQuery = () =>
  propertyRows(
    object,
    null,
    [
      ['exists', `'yes'`],
      [
        'kind',
        `case t.typtype when 'e' then 'enum' when 'c' then 'composite' when 'r' then 'range' when 'b' then 'base' end`,
      ],
      ['owner', roleName('t.typowner')],
      ['comment', `obj_description(t.oid, 'pg_type')`],
      [
        'labels',
        `(select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)`,
      ],
      ['subtype', `(select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = t.oid)`],
      ['base type', `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`],
      ['default', `case when t.typtype = 'd' then t.typdefault end`],
      ['not null', flag(`t.typtype = 'd' and t.typnotnull`)],
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
      ['comment', `obj_description(k.oid, 'pg_constraint')`],
    ],
    `${from} join pg_constraint k on k.contypid = t.oid and k.contype <> 'n'`,
  );

const privileges: CatalogQuery = () =>
  privilegeRows({ object, from, acl: 't.typacl', letter: 'T', owner: 't.typowner' });

export const typeQueries: readonly CatalogQuery[] = [types, domainConstraints, privileges];
