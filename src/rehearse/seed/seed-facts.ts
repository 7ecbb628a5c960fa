import type { Session } from '../../database/session';
import { formatQualifiedName } from '../../sql/identifier';

/** A table that holds rows itself, with all that its rows have to satisfy. */
export interface SeedTable {
  oid: string;
  /** `schema.name`, quoted as SQL needs it. */
  relation: string;
  columns: SeedColumn[];
  /** CHECK constraints and the bounds of a partition, as boolean expressions over its columns. */
  checks: string[];
  /** Column names of each unique index; an expression is an empty string. */
  uniques: string[][];
  foreignKeys: SeedForeignKey[];
  /** Triggers or rules of the user's; a partition's may be its parent's. */
  hasTriggers: boolean;
  /** How many partitions share the rows of its partitioned table; 1 for a table of its own. */
  siblings: number;
}

export interface SeedColumn {
  name: string;
  /** Oid of its type, and the modifier. */
  type: string;
  typmod: number;
  /** As SQL writes it, with its modifier. */
  typeName: string;
  notNull: boolean;
  hasDefault: boolean;
  generated: boolean;
}

export interface SeedForeignKey {
  columns: string[];
  table: string;
  relation: string;
  referenced: string[];
}

/** A type as far as values for it have to be made. */
export interface SeedType {
  oid: string;
  name: string;
  /** typtype: b, c, d, e, r, m. */
  kind: string;
  category: string;
  /** Of a domain: its base. */
  base: string;
  baseTypmod: number;
  notNull: boolean;
  /** Of an array: its element; of a range or multirange: its subtype. */
  element: string;
  labels: string[];
  attributes: { type: string; typmod: number }[];
  /** Of a domain: expressions over VALUE. */
  checks: string[];
}

/** The tables with these oids that hold rows themselves; those of extensions are left out. */
export async function readSeedTables(session: Session, oids: readonly string[]): Promise<SeedTable[]> {
  const { rows } = await session.query<TableRow>(tablesSql, [oids], { keptAs: 'switchback_seed_tables' });
  return rows.map(({ schema, name, partition, checks, foreignKeys, siblings, ...row }) => ({
    ...row,
    relation: formatQualifiedName({ schema, name }),
    checks: [...checks, ...(partition === null || partition === '' ? [] : [partition])],
    foreignKeys: foreignKeys.map(({ schema: of, name: key, ...rest }) => ({
      ...rest,
      relation: formatQualifiedName({ schema: of, name: key }),
    })),
    siblings: Math.max(1, Number(siblings)),
  }));
}

interface TableRow extends Omit<SeedTable, 'relation' | 'foreignKeys' | 'siblings'> {
  schema: string;
  name: string;
  partition: string | null;
  siblings: string;
  foreignKeys: (Omit<SeedForeignKey, 'relation'> & { schema: string; name: string })[];
}

const columnNames = (relation: string, numbers: string): string => `(
  select json_agg(coalesce(a.attname, '') order by e.place) from unnest(${numbers}) with ordinality e(number, place)
    left join pg_attribute a on a.attrelid = ${relation} and a.attnum = e.number)`;

const tablesSql = `
  select c.oid::text as oid, n.nspname::text as schema, c.relname::text as name,
         case when c.relispartition then pg_get_partition_constraintdef(c.oid) end as partition,
         c.relispartition or exists (select from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
           or exists (select from pg_rewrite w where w.ev_class = c.oid) as "hasTriggers",
         (select count(*) from pg_inherits i join pg_inherits s on s.inhparent = i.inhparent
           where i.inhrelid = c.oid and c.relispartition)::text as siblings,
         (select coalesce(json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text, 'typmod', a.atttypmod,
                   'typeName', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'hasDefault', a.atthasdef or a.attidentity <> '', 'generated', a.attgenerated <> '')
                   order by a.attnum), '[]')
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
         (select coalesce(json_agg(pg_get_expr(k.conbin, k.conrelid) order by k.oid), '[]')
            from pg_constraint k where k.conrelid = c.oid and k.contype = 'c') as checks,
         (select coalesce(json_agg(${columnNames('c.oid', 'x.indkey::int2[]')} order by x.indexrelid), '[]')
            from pg_index x where x.indrelid = c.oid and x.indisunique) as uniques,
         (select coalesce(json_agg(json_build_object('columns', ${columnNames('k.conrelid', 'k.conkey')},
                   'referenced', ${columnNames('k.confrelid', 'k.confkey')},
                   'table', k.confrelid::text, 'schema', fn.nspname, 'name', f.relname) order by k.oid), '[]')
            from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
           where k.conrelid = c.oid and k.contype = 'f'
             and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = c.oid)) as "foreignKeys"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.oid = any($1::oid[]) and c.relkind = 'r' and c.relpersistence <> 't'
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by c.oid`;

/** The types with these oids and those they are made of, by oid. */
export async function readSeedTypes(
  session: Session,
  oids: readonly string[],
): Promise<ReadonlyMap<string, SeedType>> {
  const { rows } = await session.query<SeedType>(typesSql, [oids], { keptAs: 'switchback_seed_types' });
  return new Map(rows.map((row) => [row.oid, row]));
}

const typesSql = `
  with recursive needed(oid) as (
    select unnest($1::oid[])
    union select part.oid from needed join pg_type t on t.oid = needed.oid, lateral (
        select t.typbasetype as oid union all select t.typelem
        union all select r.rngsubtype from pg_range r where r.rngtypid = t.oid or to_jsonb(r) ->> 'rngmultitypid' = t.oid::text
        union all select a.atttypid from pg_attribute a where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0
          and not a.attisdropped) part
     where part.oid <> 0
  )
  select t.oid::text as oid, t.typname::text as name, t.typtype::text as kind, t.typcategory::text as category,
         t.typbasetype::text as base, t.typtypmod as "baseTypmod", t.typnotnull as "notNull",
         case when t.typtype in ('r', 'm') then coalesce((select r.rngsubtype::text from pg_range r
                where r.rngtypid = t.oid or to_jsonb(r) ->> 'rngmultitypid' = t.oid::text), '0')
              else t.typelem::text end as element,
         case when t.typtype = 'e' then (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
              else '[]' end as labels,
         case when t.typtype = 'c' then (select coalesce(json_agg(json_build_object('type', a.atttypid::text, 'typmod', a.atttypmod)
                order by a.attnum), '[]') from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)
              else '[]' end as attributes,
         case when t.typtype = 'd' then (select coalesce(json_agg(pg_get_expr(k.conbin, 0) order by k.oid), '[]')
                from pg_constraint k where k.contypid = t.oid and k.contype = 'c')
              else '[]' end as checks
    from pg_type t join needed on needed.oid = t.oid
   where t.typtype in ('b', 'd', 'e', 'r', 'm', 'c') and t.typname !~ '^pg_' and t.typisdefined`;
