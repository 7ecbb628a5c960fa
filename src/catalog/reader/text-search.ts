import {
  isNotOfExtension,
  isUserSchema,
  propertyRows,
  qualified,
  roleName,
  routineName,
  type CatalogQuery,
  comment,
} from './catalog-query';

/** `from` of one of the four catalogs of text search, whose columns begin with `prefix`. */
function userRows(catalog: string, prefix: string): string {
  return `${catalog} x join pg_namespace n on n.oid = x.${prefix}namespace and ${isUserSchema('n.nspname')} and ${isNotOfExtension(catalog, 'x.oid')}`;
}

const configurationObject = `'text search configuration ' || ${qualified('n.nspname', 'x.cfgname')}`;
const configurationRows = userRows('pg_ts_config', 'cfg');

const configurations: CatalogQuery = () =>
  propertyRows(
    configurationObject,
    null,
    [
      ['exists', `'yes'`],
      [
        'parser',
        `(select ${qualified('pn.nspname', 'p.prsname')} from pg_ts_parser p join pg_namespace pn on pn.oid = p.prsnamespace where p.oid = x.cfgparser)`,
      ],
      ['owner', roleName('x.cfgowner')],
      ['comment', comment('x.oid', 'pg_ts_config')],
    ],
    configurationRows,
  );

/** One part a token type, with its dictionaries in the order in which they are asked. */
const mappings: CatalogQuery = () =>
  `select ${configurationObject} as object, 'mapping of ' || quote_ident(k.alias) as part, 'dictionaries' as property,
          string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as value
     from ${configurationRows} join pg_ts_config_map m on m.mapcfg = x.oid
    cross join lateral (select t.alias from ts_token_type(x.cfgparser) as t where t.tokid = m.maptokentype) as k
    group by 1, 2, 3`;

const dictionaries: CatalogQuery = () =>
  propertyRows(
    `'text search dictionary ' || ${qualified('n.nspname', 'x.dictname')}`,
    null,
    [
      ['exists', `'yes'`],
      [
        'template',
        `(select ${qualified('tn.nspname', 't.tmplname')} from pg_ts_template t join pg_namespace tn on tn.oid = t.tmplnamespace where t.oid = x.dicttemplate)`,
      ],
      ['options', 'x.dictinitoption'],
      ['owner', roleName('x.dictowner')],
      ['comment', comment('x.oid', 'pg_ts_dict')],
    ],
    userRows('pg_ts_dict', 'dict'),
  );

const parsers: CatalogQuery = () =>
  propertyRows(
    `'text search parser ' || ${qualified('n.nspname', 'x.prsname')}`,
    null,
    [
      ['exists', `'yes'`],
      ['start', routineName('x.prsstart')],
      ['next token', routineName('x.prstoken')],
      ['end', routineName('x.prsend')],
      ['headline', routineName('x.prsheadline')],
      ['token types', routineName('x.prslextype')],
      ['comment', comment('x.oid', 'pg_ts_parser')],
    ],
    userRows('pg_ts_parser', 'prs'),
  );

const templates: CatalogQuery = () =>
  propertyRows(
    `'text search template ' || ${qualified('n.nspname', 'x.tmplname')}`,
    null,
    [
      ['exists', `'yes'`],
      ['init', routineName('x.tmplinit')],
      ['lexize', routineName('x.tmpllexize')],
      ['comment', comment('x.oid', 'pg_ts_template')],
    ],
    userRows('pg_ts_template', 'tmpl'),
  );

export const textSearchQueries: readonly CatalogQuery[] = [
  configurations,
  mappings,
  dictionaries,
  parsers,
  templates,
];
