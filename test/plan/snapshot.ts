import type { Session } from '../../src/database/session';
import { quoteLiteral } from '../../src/sql/identifier';

/** One line per object of a schema, sorted: what the server itself says of it. Column order is not in it. */
export async function snapshotOf(session: Session, schema: string): Promise<string[]> {
  const name = quoteLiteral(schema);
  const sorted = (acl: string): string =>
    `coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(${acl}) a), '-')`;
  const relations = `SELECT oid FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ${name})`;
  const { rows } = await session.query<{ line: string }>(`
    SELECT 'column ' || a.attrelid::regclass || ' ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
        || ' notnull ' || a.attnotnull || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
        || ' collation ' || coalesce(a.regcollation_text, '-')
        || ' identity ' || a.attidentity::text || ' acl ' || coalesce(a.attacl::text, '-')
        || ' comment ' || coalesce(col_description(a.attrelid, a.attnum), '-') AS line
      FROM (SELECT *, (SELECT collname FROM pg_collation c WHERE c.oid = attcollation) AS regcollation_text FROM pg_attribute) a
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid IN (${relations}) AND a.attnum > 0 AND NOT a.attisdropped
       AND (SELECT relkind FROM pg_class WHERE oid = a.attrelid) IN ('r', 'p', 'v')
    UNION ALL
    SELECT 'relation ' || c.oid::regclass || ' ' || c.relkind::text || ' ' || c.relpersistence::text || ' of ' || c.relowner::regrole
        || ' acl ' || ${sorted('c.relacl')} || ' options ' || coalesce(c.reloptions::text, '-')
        || ' row security ' || c.relrowsecurity || ' ' || c.relforcerowsecurity || ' identity ' || c.relreplident::text
        || ' partition ' || coalesce(pg_get_expr(c.relpartbound, c.oid), '-') || ' under '
        || coalesce((SELECT string_agg(inhparent::regclass::text, ' ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid), '-')
        || ' comment ' || coalesce(obj_description(c.oid, 'pg_class'), '-')
      FROM pg_class c WHERE c.oid IN (${relations}) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I')
    UNION ALL
    SELECT 'replica identity ' || indrelid::regclass || ' ' || indexrelid::regclass FROM pg_index
     WHERE indrelid IN (${relations}) AND indisreplident
    UNION ALL
    SELECT 'publication ' || p.pubname || ' ' || r.prrelid::regclass FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
     WHERE r.prrelid IN (${relations})
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(indexrelid) || ' valid ' || indisvalid FROM pg_index WHERE indrelid IN (${relations})
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || ' ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
        || ' comment ' || coalesce(obj_description(oid, 'pg_constraint'), '-')
      FROM pg_constraint WHERE conrelid IN (${relations}) AND contype <> 'n'
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE tgrelid IN (${relations}) AND NOT tgisinternal
    UNION ALL
    SELECT 'view ' || oid::regclass || ' ' || pg_get_viewdef(oid) || coalesce(reloptions::text, '') FROM pg_class
     WHERE oid IN (${relations}) AND relkind IN ('v', 'm')
    UNION ALL
    SELECT 'function ' || oid::regprocedure || ' ' || prosrc FROM pg_proc
     WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = ${name})
    UNION ALL
    SELECT 'statistics ' || stxname || ' ' || stxkind::text || ' '
        || (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys))
      FROM pg_statistic_ext WHERE stxrelid IN (${relations})
    UNION ALL
    SELECT 'type ' || oid::regtype || ' ' || typtype::text || ' ' || format_type(typbasetype, typtypmod) || ' notnull ' || typnotnull
        || ' default ' || coalesce(typdefault, '-') || ' comment ' || coalesce(obj_description(oid, 'pg_type'), '-')
        || ' values ' || coalesce((SELECT string_agg(quote_literal(enumlabel), ' ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), '-')
        || ' constraints ' || coalesce((SELECT string_agg(quote_ident(conname) || ' ' || pg_get_constraintdef(c.oid) || ' ' || convalidated, ' ' ORDER BY conname)
             FROM pg_constraint c WHERE contypid = t.oid AND contype <> 'n'), '-')
      FROM pg_type t WHERE typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ${name}) AND typtype IN ('e', 'd', 'c', 'r')
    UNION ALL
    SELECT 'rule ' || pg_get_ruledef(oid) FROM pg_rewrite WHERE ev_class IN (${relations}) AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'policy ' || polrelid::regclass || ' ' || polname || ' ' || polcmd::text || ' ' || polpermissive || ' ' || polroles::regrole[]::text || ' ' || coalesce(pg_get_expr(polqual, polrelid), '-') || ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '-')
      FROM pg_policy WHERE polrelid IN (${relations})
  `);
  return rows.map((row) => row.line).sort();
}
