import {
  flag,
  isNotOfExtension,
  isUserSchema,
  propertyRows,
  qualified,
  roleName,
  routineName,
  type CatalogQuery,
  comment,
} from './catalog-query';

/** A prefix operator has no left one; before PostgreSQL 14 others had no right one. */
function operand(type: string): string {
  return `coalesce(format_type(nullif(${type}, 0), null), 'NONE')`;
}

const operators: CatalogQuery = () =>
  propertyRows(
    `'operator ' || quote_ident(n.nspname) || '.' || o.oprname || '(' || ${operand('o.oprleft')} || ',' || ${operand('o.oprright')} || ')'`,
    null,
    [
      ['exists', `'yes'`],
      ['function', 'o.oprcode::regprocedure'],
      ['commutator', 'nullif(o.oprcom, 0)::regoperator'],
      ['negator', 'nullif(o.oprnegate, 0)::regoperator'],
      ['restrict', routineName('o.oprrest')],
      ['join', routineName('o.oprjoin')],
      ['hashes', flag('o.oprcanhash')],
      ['merges', flag('o.oprcanmerge')],
      ['owner', roleName('o.oprowner')],
      ['comment', comment('o.oid', 'pg_operator')],
    ],
    // One that is only named as another's commutator has no function yet.
    `pg_operator o join pg_namespace n on n.oid = o.oprnamespace and o.oprcode <> 0 and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_operator', 'o.oid')}`,
  );

interface Members {
  object: string;
  from: string;
  /** Of a class alone, or those that were added to the family. */
  of: 'pg_opclass' | 'pg_opfamily';
  family: string;
  owner: string;
}

/** The operators and support functions: https://www.postgresql.org/docs/current/xindex.html */
function memberRows({ object, from, of, family, owner }: Members): string {
  const belongs = (catalog: string, oid: string): string => `exists (select from pg_depend d
    where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.refclassid = '${of}'::regclass and d.refobjid = ${owner})`;
  return [
    propertyRows(
      object,
      `'operator ' || w.amopstrategy || ' (' || format_type(w.amoplefttype, null) || ',' || format_type(w.amoprighttype, null) || ')'`,
      [
        ['operator', 'w.amopopr::regoperator'],
        [
          'order by',
          `(select ${qualified('sn.nspname', 's.opfname')} from pg_opfamily s join pg_namespace sn on sn.oid = s.opfnamespace where s.oid = w.amopsortfamily)`,
        ],
      ],
      `${from} join pg_amop w on w.amopfamily = ${family} and ${belongs('pg_amop', 'w.oid')}`,
    ),
    propertyRows(
      object,
      `'function ' || w.amprocnum || ' (' || format_type(w.amproclefttype, null) || ',' || format_type(w.amprocrighttype, null) || ')'`,
      [['function', 'w.amproc::regprocedure']],
      `${from} join pg_amproc w on w.amprocfamily = ${family} and ${belongs('pg_amproc', 'w.oid')}`,
    ),
  ].join(' union all ');
}

const operatorClasses: CatalogQuery = () => {
  const object = `'operator class ' || ${qualified('n.nspname', 'c.opcname')} || ' using ' || quote_ident(m.amname)`;
  const from = `pg_opclass c join pg_am m on m.oid = c.opcmethod join pg_namespace n on n.oid = c.opcnamespace
    and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_opclass', 'c.oid')}`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['type', 'format_type(c.opcintype, null)'],
        ['default', flag('c.opcdefault')],
        ['storage', 'format_type(nullif(c.opckeytype, 0), null)'],
        ['family', qualified('fn.nspname', 'f.opfname')],
        ['owner', roleName('c.opcowner')],
        ['comment', comment('c.oid', 'pg_opclass')],
      ],
      `${from} join pg_opfamily f on f.oid = c.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace`,
    ),
    memberRows({ object, from, of: 'pg_opclass', family: 'c.opcfamily', owner: 'c.oid' }),
  ].join(' union all ');
};

const operatorFamilies: CatalogQuery = () => {
  const object = `'operator family ' || ${qualified('n.nspname', 'f.opfname')} || ' using ' || quote_ident(m.amname)`;
  const from = `pg_opfamily f join pg_am m on m.oid = f.opfmethod join pg_namespace n on n.oid = f.opfnamespace
    and ${isUserSchema('n.nspname')} and ${isNotOfExtension('pg_opfamily', 'f.oid')}`;
  return [
    propertyRows(
      object,
      null,
      [
        ['exists', `'yes'`],
        ['owner', roleName('f.opfowner')],
        ['comment', comment('f.oid', 'pg_opfamily')],
      ],
      from,
    ),
    memberRows({ object, from, of: 'pg_opfamily', family: 'f.oid', owner: 'f.oid' }),
  ].join(' union all ');
};

const accessMethods: CatalogQuery = () =>
  propertyRows(
    `'access method ' || quote_ident(m.amname)`,
    null,
    [
      ['exists', `'yes'`],
      ['kind', `case m.amtype when 't' then 'table' else 'index' end`],
      ['handler', 'm.amhandler::regprocedure'],
      ['comment', comment('m.oid', 'pg_am')],
    ],
    `(select * from pg_am m where m.oid >= 16384 and ${isNotOfExtension('pg_am', 'm.oid')}) as m`,
  );

export const operatorQueries: readonly CatalogQuery[] = [
  operators,
  operatorClasses,
  operatorFamilies,
  accessMethods,
];
