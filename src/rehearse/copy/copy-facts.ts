import type { Session } from '../../database/session';
import { formatQualifiedName } from '../../sql/identifier';

/** A table as far as its rows are copied. */
export interface CopyTable {
  oid: string;
  schema: string;
  name: string;
  /** `schema.name`, quoted where needed. */
  relation: string;
  /** Has no rows itself: its partitions have them. */
  isPartitioned: boolean;
  isPartition: boolean;
  /** Oids of what it is a partition of, or inherits from. */
  parents: string[];
  bytes: number;
  estimatedRows: number;
  /** Whether the role may read all of its columns. */
  isReadable: boolean;
  /** Row security hides rows from the role. */
  isFiltered: boolean;
  columns: CopyColumn[];
  /** Columns of the primary key; none where there is none. */
  key: string[];
  foreignKeys: CopyForeignKey[];
  checks: CopyCheck[];
}

export interface CopyColumn {
  name: string;
  /** As SQL writes it, without a limit: what is too long must fail and not be cut. */
  type: string;
  /** Of its base type: `int4`, `varchar`. */
  base: string;
  category: string;
  /** Most characters; null where there is no limit. */
  length: number | null;
  notNull: boolean;
  isDomain: boolean;
  isGenerated: boolean;
  /** Part of a unique index or an exclusion constraint. */
  isUnique: boolean;
}

export interface CopyForeignKey {
  name: string;
  columns: string[];
  parent: string;
  referenced: string[];
  /** `operator(schema.=)` per column: the referenced value left, the referencing one right. */
  operators: string[];
  /** Of the referenced columns, ` collate "x"`, or empty where they have none. */
  collations: string[];
  isFull: boolean;
  isValidated: boolean;
}

export interface CopyCheck {
  name: string;
  columns: string[];
  expression: string;
  /** As ALTER TABLE adds it. */
  definition: string;
  comment: string | null;
  isValidated: boolean;
  isInherited: boolean;
}

/**
 * All tables with rows of the user's, those of extensions and of the schema `switchback` left out. To be asked with nothing
 * but pg_catalog on the search_path, so that names are spelled whole.
 */
export async function readCopyTables(session: Session, signal: AbortSignal): Promise<CopyTable[]> {
  const { rows } = await session.query<Omit<CopyTable, 'relation'>>(tablesSql, [], { signal });
  return rows.map((row) => ({ ...row, relation: formatQualifiedName(row) }));
}

const names = (relation: string, numbers: string): string => `(
  select coalesce(json_agg(a.attname order by e.place), '[]') from unnest(${numbers}) with ordinality e(number, place)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = e.number)`;

/** Of what a table's own rows must satisfy, by https://www.postgresql.org/docs/current/catalogs.html */
const tablesSql = `
  select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name, c.relkind = 'p' as "isPartitioned",
         c.relispartition as "isPartition",
         (select coalesce(json_agg(i.inhparent::text order by i.inhseqno), '[]') from pg_inherits i where i.inhrelid = c.oid) as parents,
         pg_relation_size(c.oid)::float8 as bytes, greatest(c.reltuples, 0)::float8 as "estimatedRows",
         has_table_privilege(c.oid, 'select') or not exists (select from pg_attribute a where a.attrelid = c.oid
            and a.attnum > 0 and not a.attisdropped and not has_column_privilege(c.oid, a.attnum, 'select')) as "isReadable",
         row_security_active(c.oid) as "isFiltered",
         (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, -1),
                   'base', b.typname, 'category', b.typcategory, 'notNull', a.attnotnull or b.strict,
                   'length', case when b.typname in ('varchar', 'bpchar') and greatest(a.atttypmod, b.typmod) > 4
                             then greatest(a.atttypmod, b.typmod) - 4 end,
                   'isGenerated', a.attgenerated <> '', 'isDomain', b.depth > 0,
                   'isUnique', exists (select from pg_index x where x.indrelid = c.oid and (x.indisunique or x.indisexclusion)
                      and (a.attnum = any(x.indkey::int2[]) or exists (select from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = x.indexrelid
                          and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid = a.attnum))))
                   order by a.attnum), '[]')
            from pg_attribute a, lateral (
              with recursive base(oid, typname, typcategory, next, typmod, strict, depth) as (
                select t.oid, t.typname, t.typcategory, t.typbasetype, t.typtypmod, t.typnotnull, 0 from pg_type t where t.oid = a.atttypid
                union all select t.oid, t.typname, t.typcategory, t.typbasetype, greatest(t.typtypmod, base.typmod), base.strict or t.typnotnull, depth + 1
                  from base join pg_type t on t.oid = base.next)
              select * from base order by depth desc limit 1) b
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
         coalesce((select ${names('c.oid', 'x.indkey::int2[]')} from pg_index x where x.indrelid = c.oid and x.indisprimary), '[]') as key,
         (select coalesce(json_agg(json_build_object('name', k.conname, 'columns', ${names('k.conrelid', 'k.conkey')},
                   'parent', k.confrelid::text, 'referenced', ${names('k.confrelid', 'k.confkey')},
                   'operators', (select json_agg(format('operator(%I.%s)', s.nspname, o.oprname) order by e.place)
                      from unnest(k.conpfeqop) with ordinality e(oid, place) join pg_operator o on o.oid = e.oid
                      join pg_namespace s on s.oid = o.oprnamespace),
                   'collations', (select json_agg(coalesce(' collate ' || quote_ident(s.nspname) || '.' || quote_ident(l.collname), '') order by e.place)
                      from unnest(k.confkey) with ordinality e(number, place)
                      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = e.number
                      left join pg_collation l on l.oid = a.attcollation left join pg_namespace s on s.oid = l.collnamespace),
                   'isFull', k.confmatchtype = 'f', 'isValidated', k.convalidated) order by k.oid), '[]')
            from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'
             and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = c.oid)) as "foreignKeys",
         (select coalesce(json_agg(json_build_object('name', k.conname, 'columns', ${names('k.conrelid', 'k.conkey')},
                   'expression', pg_get_expr(k.conbin, k.conrelid), 'definition', pg_get_constraintdef(k.oid),
                   'comment', obj_description(k.oid, 'pg_constraint'), 'isValidated', k.convalidated,
                   'isInherited', not k.conislocal) order by k.oid), '[]')
            from pg_constraint k where k.conrelid = c.oid and (k.contype = 'c' or k.contype = 'n' and not k.convalidated)) as checks
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and c.relpersistence <> 't'
     and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback')
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by n.nspname, c.relname`;

/** Where a sequence is. */
export interface SequencePlace {
  /** `schema.name`, quoted where needed. */
  sequence: string;
  lastValue: string;
  isCalled: boolean;
}

/** Where the sequences are, and those the role may not read. */
export async function readSequences(
  session: Session,
  signal: AbortSignal,
): Promise<{ places: SequencePlace[]; unreadable: string[] }> {
  const { rows } = await session.query<{ sequence: string; isReadable: boolean }>(
    `select format('%I.%I', n.nspname, c.relname) as sequence, has_sequence_privilege(c.oid, 'select') as "isReadable"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by 1`,
    [],
    { signal },
  );
  const places: SequencePlace[] = [];
  for (const { sequence } of rows.filter(({ isReadable }) => isReadable)) {
    const found = await session.query<Omit<SequencePlace, 'sequence'>>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${sequence}`,
      [],
      { signal },
    );
    if (found.rows[0]) places.push({ sequence, ...found.rows[0] });
  }
  return {
    places,
    unreadable: rows.filter(({ isReadable }) => !isReadable).map(({ sequence }) => sequence),
  };
}
