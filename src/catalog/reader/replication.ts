import { flag, propertyRows, qualified, roleName, type CatalogQuery, comment } from './catalog-query';

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
      ['comment', comment('p.oid', 'pg_publication')],
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

/** Only columns everybody may read: the connection is not among them. */
export const subscriptions: CatalogQuery = (major) =>
  propertyRows(
    `'subscription ' || quote_ident(s.subname)`,
    null,
    [
      ['exists', `'yes'`],
      ['owner', roleName('s.subowner')],
      ['enabled', `case when not s.subenabled then 'no' end`],
      ['slot', `coalesce(quote_ident(s.subslotname), 'none')`],
      [
        'publications',
        `(select string_agg(quote_ident(p), ', ' order by p) from unnest(s.subpublications) as p)`,
      ],
      // Before PostgreSQL 14 only a superuser may read the rest, and the number a comment goes by.
      ['synchronous commit', major >= 14 ? `nullif(s.subsynccommit, 'off')` : 'null'],
      ['binary', major >= 14 ? flag('s.subbinary') : 'null'],
      [
        'streaming',
        major >= 16
          ? `case s.substream when 't' then 'on' when 'p' then 'parallel' end`
          : major >= 14
            ? flag('s.substream')
            : 'null',
      ],
      ['two phase', major >= 15 ? `case when s.subtwophasestate <> 'd' then 'yes' end` : 'null'],
      ['disabled on error', major >= 15 ? flag('s.subdisableonerr') : 'null'],
      ['password', major >= 16 ? `case when not s.subpasswordrequired then 'not required' end` : 'null'],
      ['runs as its owner', major >= 16 ? flag('s.subrunasowner') : 'null'],
      ['origin', major >= 16 ? `nullif(s.suborigin, 'any')` : 'null'],
      ['failover', major >= 17 ? flag('s.subfailover') : 'null'],
      ['comment', major >= 14 ? comment('s.oid', 'pg_subscription') : 'null'],
    ],
    `pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()`,
  );

export const replicationQueries: readonly CatalogQuery[] = [
  publications,
  publishedTables,
  publishedSchemas,
  subscriptions,
];
