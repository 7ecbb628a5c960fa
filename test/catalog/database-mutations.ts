import { one, structure, type Mutation } from './mutation';

const aggregate = 'aggregate app.total(integer)';
const aggregateRow = `aggfnoid = 'app.total'::regproc`;
const setAggregate = (change: string, property: string): Mutation =>
  one(`UPDATE pg_aggregate SET ${change} WHERE ${aggregateRow}`, aggregate, property);
/** What pg_dump says only of one with a final function, or of one for moving windows. */
const setFinal = (change: string, property: string): Mutation => ({
  sql: `UPDATE pg_aggregate SET aggfinalfn = 'int4abs'::regproc, ${change} WHERE ${aggregateRow}`,
  expect: structure(aggregate, 'final function', property),
});
const setMoving = (change: string, property: string): Mutation => ({
  sql: `UPDATE pg_aggregate SET aggmtransfn = 'int4pl'::regproc, aggminvtransfn = 'int4mi'::regproc, aggmtranstype = 'int'::regtype,
    aggmfinalfn = 'int4abs'::regproc, ${change} WHERE ${aggregateRow}`,
  expect: structure(
    aggregate,
    'moving transition',
    'moving inverse',
    'moving state type',
    'moving final function',
    property,
  ),
});
const setRow = (catalog: string, name: string, change: string, object: string, property: string): Mutation =>
  one(`UPDATE pg_${catalog} SET ${change} WHERE ${name}`, object, property);

const operator = 'operator app.##(integer,integer)';
const operatorClass = 'operator class app.int_ways using btree';
const family = 'operator family app.ways using btree';
const base = 'type app.word';
const server = 'foreign server far';
const wrapper = 'foreign data wrapper nowhere';
const language = 'language speech';
const setBase = (change: string, property: string, since?: number): Mutation => ({
  ...setRow('type', `typname = 'word'`, change, base, property),
  since,
});

/** Changes of what belongs to no table. */
export const databaseMutations: Mutation[] = [
  // Aggregates
  {
    sql: `UPDATE pg_aggregate SET aggkind = 'o', aggfinalmodify = 'w', aggmfinalmodify = 'w' WHERE ${aggregateRow}`,
    expect: structure(aggregate, 'arguments', 'kind'),
  },
  setAggregate('aggtransspace = 9', 'state space'),
  setAggregate(`aggfinalfn = 'int4abs'::regproc`, 'final function'),
  setFinal('aggfinalextra = true', 'final function arguments'),
  setFinal(`aggfinalmodify = 's'`, 'final function modifies'),
  setAggregate(`aggcombinefn = 'int4pl'::regproc`, 'combine function'),
  setAggregate(`aggserialfn = 'int8_avg_serialize'::regproc`, 'serialize function'),
  setAggregate(`aggdeserialfn = 'int8_avg_deserialize'::regproc`, 'deserialize function'),
  setAggregate(`aggsortop = '<(int,int)'::regoperator`, 'sort operator'),
  setMoving('aggmtransspace = 9', 'moving state space'),
  setMoving(`aggminitval = '3'`, 'moving initial value'),
  setMoving('aggmfinalextra = true', 'moving final function arguments'),
  setMoving(`aggmfinalmodify = 'w'`, 'moving final function modifies'),
  one(`COMMENT ON AGGREGATE app.total(int) IS 'x'`, aggregate, 'comment'),
  one(
    'ALTER FUNCTION app.twice(int) SUPPORT generate_series_int4_support',
    'function app.twice(integer)',
    'support',
  ),
  setRow('proc', `proname = 'twice'`, `protrftypes = '{23}'`, 'function app.twice(integer)', 'transforms'),

  // Operators and what indexes make of them
  one('DROP OPERATOR app.!# (NONE, int)', 'operator app.!#(NONE,integer)', 'exists'),
  setRow('operator', `oprname = '##'`, 'oprcanhash = true', operator, 'hashes'),
  setRow('operator', `oprname = '##'`, 'oprcanmerge = true', operator, 'merges'),
  setRow('operator', `oprname = '##'`, `oprrest = 'eqsel'::regproc`, operator, 'restrict'),
  setRow('operator', `oprname = '##'`, `oprjoin = 'eqjoinsel'::regproc`, operator, 'join'),
  setRow('operator', `oprname = '##'`, 'oprcom = oid', operator, 'commutator'),
  setRow('operator', `oprname = '##'`, 'oprnegate = oid', operator, 'negator'),
  one('DROP OPERATOR CLASS app.int_ways USING btree', operatorClass, 'exists'),
  setRow('opclass', `opcname = 'int_ways'`, `opcintype = 'app.word'::regtype`, operatorClass, 'type'),
  {
    sql: `UPDATE pg_opclass SET opcdefault = true, opcintype = 'app.word'::regtype WHERE opcname = 'int_ways'`,
    expect: structure(operatorClass, 'default', 'type'),
  },
  setRow('proc', `proname = 'speak'`, `probin = '$libdir/other'`, 'function app.speak()', 'library'),
  setRow('opclass', `opcname = 'int_ways'`, `opckeytype = 'oid'::regtype`, operatorClass, 'storage'),
  {
    sql: `UPDATE pg_opclass SET opcfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'ways') WHERE opcname = 'int_ways'`,
    expect: structure(
      operatorClass,
      'family',
      ...[1, 2, 3, 4, 5].map((strategy) => `operator ${strategy} (integer,integer)`),
      'function 1 (integer,integer)',
    ),
  },
  one('ALTER OPERATOR CLASS app.int_ways USING btree OWNER TO mutation_other', operatorClass, 'owner'),
  one(`COMMENT ON OPERATOR CLASS app.int_ways USING btree IS 'x'`, operatorClass, 'comment'),
  one(
    `UPDATE pg_amop SET amopopr = '<>(int,int)'::regoperator WHERE amopstrategy = 1 AND amopfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'int_ways')`,
    operatorClass,
    'operator 1 (integer,integer) operator',
  ),
  one(
    `UPDATE pg_amproc SET amproc = 'btint8cmp'::regproc WHERE amprocfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'int_ways')`,
    operatorClass,
    'function 1 (integer,integer) function',
  ),
  one(
    `UPDATE pg_amop SET amoppurpose = 'o', amopsortfamily = amopfamily WHERE amopstrategy = 1 AND amopfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'int_ways')`,
    operatorClass,
    'operator 1 (integer,integer) order by',
  ),
  one('DROP OPERATOR FAMILY app.ways USING btree', family, 'exists'),
  one('ALTER OPERATOR FAMILY app.ways USING btree OWNER TO mutation_other', family, 'owner'),
  one(`COMMENT ON OPERATOR FAMILY app.ways USING btree IS 'x'`, family, 'comment'),
  one(
    'ALTER OPERATOR FAMILY app.ways USING btree ADD OPERATOR 2 <= (bigint, bigint)',
    family,
    'operator 2 (bigint,bigint)',
  ),
  one(
    'ALTER OPERATOR FAMILY app.ways USING btree DROP FUNCTION 1 (bigint, bigint)',
    family,
    'function 1 (bigint,bigint)',
  ),
  one(
    `UPDATE pg_amop SET amopopr = '<>(bigint,bigint)'::regoperator WHERE amopfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'ways')`,
    family,
    'operator 1 (bigint,bigint) operator',
  ),
  one(
    `UPDATE pg_amproc SET amproc = 'btint4cmp'::regproc WHERE amprocfamily = (SELECT oid FROM pg_opfamily WHERE opfname = 'ways')`,
    family,
    'function 1 (bigint,bigint) function',
  ),
  one('DROP ACCESS METHOD piled', 'access method piled', 'exists'),
  one(`COMMENT ON ACCESS METHOD piled IS 'x'`, 'access method piled', 'comment'),
  setRow('am', `amname = 'piled'`, `amtype = 'i'`, 'access method piled', 'kind'),
  setRow('am', `amname = 'piled'`, `amhandler = 'bthandler'::regproc`, 'access method piled', 'handler'),

  // Casts, conversions, collations, languages
  one(`COMMENT ON CAST (app.mood AS int) IS 'x'`, 'cast (app.mood as integer)', 'comment'),
  one('DROP CONVERSION app.letters', 'conversion app.letters', 'exists'),
  setRow('conversion', `conname = 'letters'`, 'conforencoding = 9', 'conversion app.letters', 'from'),
  setRow('conversion', `conname = 'letters'`, 'contoencoding = 9', 'conversion app.letters', 'to'),
  setRow('conversion', `conname = 'letters'`, 'condefault = true', 'conversion app.letters', 'default'),
  setRow(
    'conversion',
    `conname = 'letters'`,
    `conproc = 'iso8859_to_utf8'::regproc`,
    'conversion app.letters',
    'function',
  ),
  one('ALTER CONVERSION app.letters OWNER TO mutation_other', 'conversion app.letters', 'owner'),
  one(`COMMENT ON CONVERSION app.letters IS 'x'`, 'conversion app.letters', 'comment'),
  {
    ...setRow('collation', `collname = 'plain'`, `collicurules = '& a < b'`, 'collation app.plain', 'rules'),
    since: 16,
  },
  one('DROP LANGUAGE speech', language, 'exists'),
  setRow('language', `lanname = 'speech'`, 'lanpltrusted = false', language, 'trusted'),
  setRow(
    'language',
    `lanname = 'speech'`,
    `lanplcallfoid = 'plpgsql_call_handler'::regproc`,
    language,
    'handler',
  ),
  setRow(
    'language',
    `lanname = 'speech'`,
    `laninline = 'plpgsql_inline_handler'::regproc`,
    language,
    'inline handler',
  ),
  setRow(
    'language',
    `lanname = 'speech'`,
    `lanvalidator = 'plpgsql_validator'::regproc`,
    language,
    'validator',
  ),
  one('ALTER LANGUAGE speech OWNER TO mutation_other', language, 'owner'),
  one(`COMMENT ON LANGUAGE speech IS 'x'`, language, 'comment'),
  one('GRANT USAGE ON LANGUAGE speech TO mutation_app', language, 'privileges of mutation_app'),
  one('DROP TRANSFORM FOR int LANGUAGE sql', 'transform for integer language sql', 'exists'),
  one(`UPDATE pg_transform SET trffromsql = 0`, 'transform for integer language sql', 'from sql'),
  one('UPDATE pg_transform SET trftosql = 0', 'transform for integer language sql', 'to sql'),
  one(`COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'x'`, 'transform for integer language sql', 'comment'),

  // Text search
  one('DROP TEXT SEARCH CONFIGURATION app.finding', 'text search configuration app.finding', 'exists'),
  one(
    'ALTER TEXT SEARCH CONFIGURATION app.finding OWNER TO mutation_other',
    'text search configuration app.finding',
    'owner',
  ),
  one(
    `COMMENT ON TEXT SEARCH CONFIGURATION app.finding IS 'x'`,
    'text search configuration app.finding',
    'comment',
  ),
  one(
    `UPDATE pg_ts_config SET cfgparser = (SELECT oid FROM pg_ts_parser WHERE prsname = 'cutter') WHERE cfgname = 'finding'`,
    'text search configuration app.finding',
    'parser',
  ),
  one(
    'ALTER TEXT SEARCH CONFIGURATION app.finding ADD MAPPING FOR word WITH simple',
    'text search configuration app.finding',
    'mapping of word',
  ),
  one(
    'ALTER TEXT SEARCH CONFIGURATION app.finding ALTER MAPPING FOR asciiword WITH simple, app.words_of',
    'text search configuration app.finding',
    'mapping of asciiword dictionaries',
  ),
  one('DROP TEXT SEARCH DICTIONARY app.spare', 'text search dictionary app.spare', 'exists'),
  one(
    'ALTER TEXT SEARCH DICTIONARY app.spare OWNER TO mutation_other',
    'text search dictionary app.spare',
    'owner',
  ),
  one(`COMMENT ON TEXT SEARCH DICTIONARY app.spare IS 'x'`, 'text search dictionary app.spare', 'comment'),
  one(
    `ALTER TEXT SEARCH DICTIONARY app.spare (accept = false)`,
    'text search dictionary app.spare',
    'options',
  ),
  one(
    `UPDATE pg_ts_dict SET dicttemplate = (SELECT oid FROM pg_ts_template WHERE tmplname = 'plainly') WHERE dictname = 'spare'`,
    'text search dictionary app.spare',
    'template',
  ),
  one('DROP TEXT SEARCH PARSER app.cutter', 'text search parser app.cutter', 'exists'),
  one(`COMMENT ON TEXT SEARCH PARSER app.cutter IS 'x'`, 'text search parser app.cutter', 'comment'),
  ...(
    [
      ['prsstart', 'start'],
      ['prstoken', 'next token'],
      ['prsend', 'end'],
      ['prsheadline', 'headline'],
      ['prslextype', 'token types'],
    ] as const
  ).map(([column, property]) =>
    setRow(
      'ts_parser',
      `prsname = 'cutter'`,
      `${column} = 'dsimple_init'::regproc`,
      'text search parser app.cutter',
      property,
    ),
  ),
  one(
    'CREATE TEXT SEARCH TEMPLATE app.more (LEXIZE = dsimple_lexize)',
    'text search template app.more',
    'exists',
  ),
  one(`COMMENT ON TEXT SEARCH TEMPLATE app.plainly IS 'x'`, 'text search template app.plainly', 'comment'),
  setRow(
    'ts_template',
    `tmplname = 'plainly'`,
    `tmplinit = 'dsynonym_init'::regproc`,
    'text search template app.plainly',
    'init',
  ),
  setRow(
    'ts_template',
    `tmplname = 'plainly'`,
    `tmpllexize = 'dsynonym_lexize'::regproc`,
    'text search template app.plainly',
    'lexize',
  ),

  // Base types, ranges, domains
  setBase(`typinput = 'oidin'::regproc`, 'input'),
  setBase(`typoutput = 'oidout'::regproc`, 'output'),
  setBase(`typreceive = 'oidrecv'::regproc`, 'receive'),
  setBase(`typsend = 'oidsend'::regproc`, 'send'),
  setBase(`typmodin = 'bpchartypmodin'::regproc`, 'modifier input'),
  setBase(`typmodout = 'bpchartypmodout'::regproc`, 'modifier output'),
  setBase(`typanalyze = 'range_typanalyze'::regproc`, 'analyze'),
  setBase(`typsubscript = 'array_subscript_handler'::regproc`, 'subscript', 14),
  setBase('typlen = 8', 'length'),
  setBase('typbyval = false', 'by value'),
  setBase(`typalign = 'd'`, 'alignment'),
  setBase(`typstorage = 'm'`, 'storage'),
  setBase(`typcategory = 'X'`, 'category'),
  setBase('typispreferred = true', 'preferred'),
  setBase(`typdelim = ';'`, 'delimiter'),
  setBase(`typelem = 'int'::regtype`, 'element'),
  setBase(`typcollation = 100`, 'collatable'),
  setBase(`typdefault = '7'`, 'default'),
  one('DROP TYPE app.unfinished', 'type app.unfinished', 'exists'),
  one(
    'DROP TYPE app.words; CREATE TYPE app.words AS RANGE (subtype = text, collation = "POSIX")',
    'type app.words',
    'range collation',
  ),
  one(
    'DROP TYPE app.words; CREATE TYPE app.words AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops)',
    'type app.words',
    'operator class',
  ),
  one(
    'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = float8, subtype_diff = float8mi)',
    'type app.span',
    'difference',
  ),
  one(
    `UPDATE pg_range SET rngcanonical = 'int4range_canonical'::regproc WHERE rngtypid = 'app.span'::regtype`,
    'type app.span',
    'canonical',
  ),
  one(
    'DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = float8, multirange_type_name = app.spans)',
    'type app.span',
    'multirange',
    14,
  ),
  {
    sql: 'ALTER DOMAIN app.bare ADD CONSTRAINT always_there NOT NULL',
    expect: structure('domain app.bare', 'not null', 'not null name'),
    since: 17,
  },
  {
    sql: `ALTER DOMAIN app.bare ADD CONSTRAINT bare_not_null NOT NULL; COMMENT ON CONSTRAINT bare_not_null ON DOMAIN app.bare IS 'x'`,
    expect: structure('domain app.bare', 'not null', 'not null comment'),
    since: 17,
  },
  one('GRANT USAGE ON TYPE app.pair TO mutation_app', 'type app.pair', 'privileges of mutation_app'),

  // Foreign data
  one(`ALTER SERVER far VERSION '2'`, server, 'version'),
  setRow('foreign_server', `srvname = 'far'`, `srvtype = 'x'`, server, 'type'),
  one('GRANT USAGE ON FOREIGN SERVER far TO mutation_app', server, 'privileges of mutation_app'),
  one('GRANT USAGE ON FOREIGN DATA WRAPPER nowhere TO mutation_app', wrapper, 'privileges of mutation_app'),
  one(`COMMENT ON FOREIGN DATA WRAPPER nowhere IS 'x'`, wrapper, 'comment'),
  one('ALTER FOREIGN DATA WRAPPER nowhere VALIDATOR postgresql_fdw_validator', wrapper, 'validator'),
  setRow(
    'foreign_data_wrapper',
    `fdwname = 'nowhere'`,
    `fdwhandler = 'pg_catalog.version'::regproc`,
    wrapper,
    'handler',
  ),
  one(
    'DROP USER MAPPING FOR mutation_app SERVER far',
    'user mapping for mutation_app on server far',
    'exists',
  ),
  one(
    `ALTER USER MAPPING FOR mutation_app SERVER far OPTIONS (SET user 'b')`,
    'user mapping for mutation_app on server far',
    'options',
  ),
  one(
    `ALTER USER MAPPING FOR mutation_app SERVER far OPTIONS (DROP password)`,
    'user mapping for mutation_app on server far',
    'options',
  ),
  { sql: `ALTER USER MAPPING FOR mutation_app SERVER far OPTIONS (SET password 'c')`, expect: [] },

  // Labels of security providers
  one('DELETE FROM pg_seclabel', 'security labels of guard', 'exists'),
  one(`UPDATE pg_seclabel SET label = 'open'`, 'security labels of guard', 'table app.users'),
];
