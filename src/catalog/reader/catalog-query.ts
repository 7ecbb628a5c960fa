/**
 * SQL that gives rows (object, part, property, value), all text; `part` is null for a property of the
 * object itself, and rows without a value are dropped. Runs with search_path pg_catalog.
 */
export type CatalogQuery = (major: number) => string;

/** The same of relations alone: `relations` is the `from` and `where` of those that are asked for, pg_class as `c`. */
export type RelationQuery = (relations: string, major: number) => string;

/** One kind of thing that is told of relations. */
export interface RelationPart {
  query: RelationQuery;
  /** SQL over pg_class as `c`, false only where the query has no row for a relation; absent: it always has, or is as cheap. */
  mayHave?: string;
}

/** Schemas that are not the user's, and ours. */
export function isUserSchema(name: string): string {
  return `${name} !~ '^pg_' and ${name} not in ('information_schema', 'switchback')`;
}

/** What an extension made belongs to it, not to the schema. */
export function isNotOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_depend e where e.classid = 'pg_catalog.${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}

/** `schema.name`, quoted where needed. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}

/** What a table, view, sequence or index is called as an object; `c` is pg_class, `n` its pg_namespace. */
export const relationObject = `case c.relkind when 'r' then 'table ' when 'p' then 'table ' when 'v' then 'view '
  when 'm' then 'materialized view ' when 'f' then 'foreign table ' when 'S' then 'sequence ' when 'c' then 'type ' else 'index ' end
  || ${qualified('n.nspname', 'c.relname')}`;

/** `from` and `where` of the user's relations. */
export const userRelations = `pg_class c join pg_namespace n on n.oid = c.relnamespace
  and ${isUserSchema('n.nspname')} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c') and ${isNotOfExtension('pg_class', 'c.oid')}`;

/** Those of them whose oids are the first parameter. */
export const chosenRelations = `${userRelations} and c.oid = any($1::oid[])`;

/** A role's name, quoted; `public` for everybody. */
export function roleName(oid: string): string {
  return `case when ${oid} = 0 then 'public' else quote_ident(pg_get_userbyid(${oid})) end`;
}

export interface PrivilegeSource {
  object: string;
  from: string;
  acl: string;
  /** acldefault's letter: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-ACLITEM-FN-TABLE */
  letter: string;
  owner: string;
}

/**
 * Rows for privileges. What the default gives is spelled out, so that GRANT and then REVOKE leaves no
 * trace; of the owner only what was taken away is told.
 */
export function privilegeRows(source: PrivilegeSource): string {
  const { object, from, acl, letter, owner } = source;
  return `
    select ${object} as object, 'privileges of ' || ${roleName('g.grantee')} as part, g.privilege_type as property,
           case when bool_or(g.is_grantable) then 'grantable' else 'granted' end as value
      from ${from} cross join lateral aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner}))) as g
     where g.grantee <> ${owner} group by 1, 2, 3
    union all
    select ${object}, 'privileges of the owner', d.privilege_type, 'revoked'
      from ${from} cross join lateral aclexplode(acldefault('${letter}', ${owner})) as d
     where ${acl} is not null and d.grantee = ${owner}
       and not exists (select from aclexplode(${acl}) g where g.grantee = ${owner} and g.privilege_type = d.privilege_type)`;
}

/** Rows of one query: `pairs` are property name and SQL of its value. A list of VALUES would be compiled anew for each object. */
export function propertyRows(
  object: string,
  part: string | null,
  pairs: readonly (readonly [string, string])[],
  from: string,
): string {
  const names = pairs.map(([property]) => `'${property}'`);
  const values = pairs.map(([, value]) => `(${value})::text`);
  return `select item.object, item.part, item.property, item.value
    from (select ${object} as object, ${part ?? 'null::text'} as part, unnest(array[${names.join(', ')}]) as property,
                 unnest(array[${values.join(',\n')}]) as value from ${from}) as item
   where item.value is not null`;
}

/** `yes` for true; a false one is left out. */
export function flag(condition: string): string {
  return `case when ${condition} then 'yes' end`;
}

/**
 * The comment on an object of a catalog, or on a column of it; null without one. What obj_description says, which the server would
 * run as a function of its own for each object.
 */
export function comment(oid: string, catalog: string, column = '0'): string {
  return `(select pd.description from pg_description pd
    where pd.objoid = ${oid} and pd.classoid = 'pg_catalog.${catalog}'::regclass and pd.objsubid = ${column})`;
}

/** Options (`name=value`) in the order of their names, or null without any. */
export function sortedOptions(options: string): string {
  return `case when ${options} is not null then (select string_agg(o, ', ' order by o) from unnest(${options}) as o) end`;
}

/** When a trigger, rule or event trigger fires; null where it is as usual. */
export function enabledState(column: string): string {
  return `case ${column} when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always' end`;
}

/** Of a constraint of that name in SQL: whether a parent table gave it. */
export function inheritedState(constraint: string): string {
  return `case when ${constraint}.coninhcount > 0 then case when ${constraint}.conislocal then 'and its own' else 'yes' end end`;
}

/** A routine as `schema.name(types)`; null for none. */
export function routineName(oid: string): string {
  return `nullif(${oid}::oid, 0)::regprocedure`;
}

/**
 * The name of a NOT NULL constraint somebody gave it. What the server names by itself follows the names that table and column
 * had that day, and on PostgreSQL 17 is nothing at all: it says nothing about the schema.
 */
export function chosenName(name: string): string {
  return `case when ${name} !~ '_not_null[0-9]*$' then quote_ident(${name}) end`;
}
