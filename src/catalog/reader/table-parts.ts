import {
  enabledState,
  flag,
  inheritedState,
  propertyRows,
  qualified,
  relationObject,
  roleName,
  sortedOptions,
  type RelationPart,
  type RelationQuery,
  comment,
} from './catalog-query';

const constraints: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    `'constraint ' || quote_ident(k.conname)`,
    [
      // NOT VALID is the property `validated`.
      ['definition', `regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')`],
      ['validated', `case when not k.convalidated then 'no' end`],
      ['inherited', inheritedState('k')],
      ['comment', comment('k.oid', 'pg_constraint')],
    ],
    `${relations} join pg_constraint k on k.conrelid = c.oid and k.contype <> 'n' and k.contype <> 't'
       and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid)`,
  );

/** An index that belongs to a constraint is part of that. */
const indexes: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    `coalesce('constraint ' || quote_ident(k.conname), 'index ' || quote_ident(i.relname))`,
    [
      ['definition', `case when k.oid is null then pg_get_indexdef(x.indexrelid) end`],
      ['valid', `case when not x.indisvalid then 'no' end`],
      ['clustered', flag('x.indisclustered')],
      ['tablespace', `(select spcname from pg_tablespace where pg_tablespace.oid = i.reltablespace)`],
      ['storage parameters', `case when k.oid is not null then ${sortedOptions('i.reloptions')} end`],
      [
        'statistics targets',
        `(select string_agg(a.attname || ' ' || a.attstattarget, ', ' order by a.attnum) from pg_attribute a where a.attrelid = i.oid and a.attstattarget >= 0)`,
      ],
      [
        'attached to',
        `(select ${qualified('pn.nspname', 'pc.relname')} from pg_inherits h join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where h.inhrelid = i.oid)`,
      ],
      ['index comment', comment('i.oid', 'pg_class')],
    ],
    `${relations} join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
       left join pg_constraint k on k.conindid = i.oid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')`,
  );

/** A partition's copy of a trigger is internal before PostgreSQL 15; those of foreign keys are no one's concern. */
const partitionTrigger = (major: number): string => {
  const copied =
    major >= 13
      ? 'g.tgparentid'
      : `(select d.refobjid from pg_depend d where d.classid = 'pg_trigger'::regclass and d.objid = g.oid and d.refclassid = d.classid limit 1)`;
  return `coalesce(${copied}, 0) <> 0 and not exists (select from pg_constraint k where k.oid = g.tgconstraint and k.contype <> 't')`;
};

const triggers: RelationQuery = (relations, major) =>
  propertyRows(
    relationObject,
    `'trigger ' || quote_ident(g.tgname)`,
    [
      ['definition', 'pg_get_triggerdef(g.oid)'],
      ['enabled', enabledState('g.tgenabled')],
      ['inherited', flag(partitionTrigger(major))],
      ['comment', comment('g.oid', 'pg_trigger')],
    ],
    `${relations} join pg_trigger g on g.tgrelid = c.oid and (not g.tgisinternal or ${partitionTrigger(major)})`,
  );

const rules: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    `'rule ' || quote_ident(r.rulename)`,
    [
      ['definition', 'pg_get_ruledef(r.oid)'],
      ['enabled', enabledState('r.ev_enabled')],
      ['comment', comment('r.oid', 'pg_rewrite')],
    ],
    `${relations} join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN'`,
  );

const policies: RelationQuery = (relations) =>
  propertyRows(
    relationObject,
    `'policy ' || quote_ident(y.polname)`,
    [
      [
        'command',
        `case y.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end`,
      ],
      ['kind', `case when y.polpermissive then 'permissive' else 'restrictive' end`],
      [
        'roles',
        `(select string_agg(${roleName('role')}, ', ' order by ${roleName('role')}) from unnest(y.polroles) as role)`,
      ],
      ['using', 'pg_get_expr(y.polqual, y.polrelid)'],
      ['with check', 'pg_get_expr(y.polwithcheck, y.polrelid)'],
      ['comment', comment('y.oid', 'pg_policy')],
    ],
    `${relations} join pg_policy y on y.polrelid = c.oid`,
  );

/** https://www.postgresql.org/docs/current/catalog-pg-class.html: relhastriggers and the like say that there are, or once were. */
export const tableParts: readonly RelationPart[] = [
  { query: constraints },
  { query: indexes },
  { query: triggers, mayHave: `c.relhastriggers` },
  { query: rules, mayHave: `c.relhasrules` },
  { query: policies, mayHave: `exists (select from pg_policy p where p.polrelid = c.oid)` },
];
