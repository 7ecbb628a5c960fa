import {
  isNotOfExtension,
  privilegeRows,
  propertyRows,
  roleName,
  routineName,
  sortedOptions,
  type CatalogQuery,
  comment,
} from './catalog-query';

const foreignServers: CatalogQuery = () => {
  const object = `'foreign server ' || quote_ident(s.srvname)`;
  const from = `(select * from pg_foreign_server s where ${isNotOfExtension('pg_foreign_server', 's.oid')}) as s`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['wrapper', 'quote_ident(w.fdwname)'],
        ['type', 's.srvtype'],
        ['version', 's.srvversion'],
        ['options', sortedOptions('s.srvoptions')],
        ['owner', roleName('s.srvowner')],
        ['comment', comment('s.oid', 'pg_foreign_server')],
      ],
      `${from} join pg_foreign_data_wrapper w on w.oid = s.srvfdw`,
    ),
    privilegeRows({ object, from, acl: 's.srvacl', letter: 'S', owner: 's.srvowner' }),
  ].join(' union all ');
};

const foreignDataWrappers: CatalogQuery = () => {
  const object = `'foreign data wrapper ' || quote_ident(w.fdwname)`;
  const from = `(select * from pg_foreign_data_wrapper w where ${isNotOfExtension('pg_foreign_data_wrapper', 'w.oid')}) as w`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['handler', routineName('w.fdwhandler')],
        ['validator', routineName('w.fdwvalidator')],
        ['options', sortedOptions('w.fdwoptions')],
        ['owner', roleName('w.fdwowner')],
        ['comment', comment('w.oid', 'pg_foreign_data_wrapper')],
      ],
      from,
    ),
    privilegeRows({ object, from, acl: 'w.fdwacl', letter: 'F', owner: 'w.fdwowner' }),
  ].join(' union all ');
};

/**
 * Of the options the names alone, and the value of `user`: any other may be a secret. The view shows none to whom they are not
 * to be shown: https://www.postgresql.org/docs/current/view-pg-user-mappings.html
 */
const userMappings: CatalogQuery = () =>
  propertyRows(
    `'user mapping for ' || ${roleName('u.umuser')} || ' on server ' || quote_ident(u.srvname)`,
    null,
    [
      ['exists', `'yes'`],
      [
        'options',
        `(select string_agg(case when o like 'user=%' then o else split_part(o, '=', 1) end, ', ' order by o) from unnest(u.umoptions) as o)`,
      ],
    ],
    'pg_user_mappings u',
  );

export const foreignDataQueries: readonly CatalogQuery[] = [
  foreignServers,
  foreignDataWrappers,
  userMappings,
];
