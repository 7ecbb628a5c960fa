import type { Session } from '../../database/session';
import type { ColumnFacts, Volatility } from '../table-facts';
import type { FoundTable } from './find-table';

interface Row {
  name: string;
  type: string;
  type_schema: string;
  type_name: string;
  type_kind: string;
  collation: string | null;
  not_null: boolean;
  expression: string | null;
  tree_volatility: Volatility | null;
  domain_expression: string | null;
  domain_volatility: Volatility | null;
  identity: string;
  generated: string;
  comment: string | null;
  null_fraction: number | null;
  width: number | null;
  target: number | null;
}

const typeKinds: Record<string, ColumnFacts['typeKind']> = {
  b: 'base',
  c: 'composite',
  d: 'domain',
  e: 'enum',
  p: 'pseudo',
  r: 'range',
  m: 'multirange',
};

/**
 * The most volatile function a stored expression calls. pg_depend does not record built-in functions, so
 * their oids are taken from the node tree. https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
function volatilityOf(tree: string): string {
  return `(select case when bool_or(p.provolatile = 'v') or ${tree} ~ '\\{NEXTVALUEEXPR' then 'volatile'
                       when bool_or(p.provolatile = 's') or ${tree} ~ '\\{(SQLVALUEFUNCTION|COERCEVIAIO)' then 'stable'
                       else 'immutable' end
             from regexp_matches(${tree}, ':(?:funcid|opfuncid) (\\d+)', 'g') as used(oids)
             join pg_proc p on p.oid = used.oids[1]::oid)`;
}

/** Columns in table order, dropped ones left out. */
export async function readColumns(session: Session, table: FoundTable): Promise<ColumnFacts[]> {
  const { rows } = await session.query<Row>(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, tn.nspname::text as type_schema,
            ty.typname::text as type_name, ty.typtype as type_kind,
            case when a.attcollation <> 0 and a.attcollation <> ty.typcollation then
              (select case when n.nspname = 'pg_catalog' then quote_ident(co.collname)
                           else quote_ident(n.nspname) || '.' || quote_ident(co.collname) end
                 from pg_collation co join pg_namespace n on n.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
            a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as expression,
            case when d.adbin is not null then ${volatilityOf('d.adbin::text')} end as tree_volatility,
            case when ty.typtype = 'd' then pg_get_expr(ty.typdefaultbin, 0) end as domain_expression,
            case when ty.typdefaultbin is not null then ${volatilityOf('ty.typdefaultbin::text')} end as domain_volatility,
            a.attidentity as identity, a.attgenerated as generated, col_description(a.attrelid, a.attnum) as comment,
            s.null_frac as null_fraction, s.avg_width as width, nullif(a.attstattarget, -1) as target
       from pg_attribute a
       join pg_type ty on ty.oid = a.atttypid
       join pg_namespace tn on tn.oid = ty.typnamespace
       left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       left join lateral (select null_frac, avg_width from pg_stats
                           where schemaname = $2 and tablename = $3 and pg_stats.attname = a.attname
                           order by inherited = $4 desc limit 1) s on true
      where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
      order by a.attnum`,
    [table.oid, table.name.schema, table.name.name, table.kind === 'partitioned-table'],
  );
  return rows.map(columnFacts);
}

function columnFacts(row: Row): ColumnFacts {
  const isGenerated = row.generated !== '';
  return {
    name: row.name,
    type: row.type,
    typeName: { schema: row.type_schema, name: row.type_name },
    typeKind: typeKinds[row.type_kind]!,
    collation: row.collation,
    notNull: row.not_null,
    default: isGenerated ? null : row.expression,
    defaultVolatility: isGenerated ? null : row.tree_volatility,
    ...(row.domain_expression === null
      ? {}
      : {
          domainDefault: {
            expression: row.domain_expression,
            volatility: row.domain_volatility ?? 'volatile',
          },
        }),
    identity: row.identity === 'a' ? 'always' : row.identity === 'd' ? 'by-default' : null,
    generated: isGenerated
      ? { kind: row.generated === 'v' ? 'virtual' : 'stored', expression: row.expression ?? '' }
      : null,
    comment: row.comment,
    nullFraction: row.null_fraction,
    averageWidth: row.width,
    statisticsTarget: row.target,
  };
}
