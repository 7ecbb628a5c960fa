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

const object = `case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' when 'w' then 'window function ' else 'function ' end
  || ${qualified('n.nspname', 'p.proname')} || '(' || oidvectortypes(p.proargtypes) || ')'`;

const from = `pg_proc p join pg_namespace n on n.oid = p.pronamespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_proc', 'p.oid')}
  and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')
  join pg_language l on l.oid = p.prolang`;

/** The body is a property of its own: its white space, case and comments count less than the rest. */
const routines: CatalogQuery = (major) =>
  propertyRows(
    object,
    null,
    [
      ['exists', `'yes'`],
      ['owner', roleName('p.proowner')],
      ['comment', comment('p.oid', 'pg_proc')],
      ['arguments', 'pg_get_function_arguments(p.oid)'],
      ['result', 'pg_get_function_result(p.oid)'],
      // An aggregate's language, volatility and cost are always the same.
      ['language', `case when p.prokind <> 'a' then l.lanname end`],
      [
        'volatility',
        `case when p.prokind = 'a' then null when p.provolatile = 'i' then 'immutable' when p.provolatile = 's' then 'stable' end`,
      ],
      ['strict', flag('p.proisstrict')],
      ['security definer', flag('p.prosecdef')],
      ['leakproof', flag('p.proleakproof')],
      ['parallel', `case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end`],
      ['cost', `case when p.prokind <> 'a' then p.procost end`],
      ['rows', 'nullif(p.prorows, 0)'],
      ['settings', `(select string_agg(s, ', ' order by s) from unnest(p.proconfig) as s)`],
      ['library', 'p.probin'],
      ['support', routineName('p.prosupport')],
      [
        'transforms',
        `(select string_agg(format_type(y, null), ', ' order by format_type(y, null)) from unnest(p.protrftypes) as y)`,
      ],
      [
        'body',
        major >= 14
          ? `case when p.prokind <> 'a' then coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) end`
          : `case when p.prokind <> 'a' then p.prosrc end`,
      ],
    ],
    from,
  );

/** Unless said, ordinary aggregates leave their state as it is and the others do not. */
const modifies = (column: string): string =>
  `case ${column} when case a.aggkind when 'n' then 'r' else 'w' end then null
     when 'r' then 'read only' when 's' then 'shareable' else 'read write' end`;

const aggregates: CatalogQuery = () =>
  propertyRows(
    object,
    null,
    [
      ['kind', `case a.aggkind when 'o' then 'ordered set' when 'h' then 'hypothetical set' end`],
      ['transition', 'a.aggtransfn::regprocedure'],
      ['state type', 'format_type(a.aggtranstype, null)'],
      ['state space', 'nullif(a.aggtransspace, 0)'],
      ['initial value', 'a.agginitval'],
      ['final function', routineName('a.aggfinalfn')],
      ['final function arguments', flag('a.aggfinalextra')],
      ['final function modifies', modifies('a.aggfinalmodify')],
      ['combine function', routineName('a.aggcombinefn')],
      ['serialize function', routineName('a.aggserialfn')],
      ['deserialize function', routineName('a.aggdeserialfn')],
      ['sort operator', 'nullif(a.aggsortop, 0)::regoperator'],
      ['moving transition', routineName('a.aggmtransfn')],
      ['moving inverse', routineName('a.aggminvtransfn')],
      ['moving state type', 'format_type(nullif(a.aggmtranstype, 0), null)'],
      ['moving state space', 'nullif(a.aggmtransspace, 0)'],
      ['moving initial value', 'a.aggminitval'],
      ['moving final function', routineName('a.aggmfinalfn')],
      ['moving final function arguments', flag('a.aggmfinalextra')],
      ['moving final function modifies', modifies('a.aggmfinalmodify')],
    ],
    `${from} join pg_aggregate a on a.aggfnoid = p.oid`,
  );

const privileges: CatalogQuery = () =>
  privilegeRows({ object, from, acl: 'p.proacl', letter: 'f', owner: 'p.proowner' });

export const routineQueries: readonly CatalogQuery[] = [routines, aggregates, privileges];
