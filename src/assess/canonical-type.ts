import { withQualifiedOutput } from '../catalog/qualified-output';
import type { Session } from '../database/session';
import { quoteLiteral } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';
import { readOnlyRows } from './read-only-query';

/**
 * A type as format_type spells it, with its modifiers: `int` is `integer`, `decimal(5)` is `numeric(5,0)`. One of the user's
 * has its schema, whatever the search_path.
 */
export async function canonicalType(
  session: Session,
  parser: SqlParser,
  type: string,
  signal: AbortSignal,
): Promise<string> {
  const rows = await readOnlyRows(
    session,
    `SELECT t.oid::text AS oid, (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)
              FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typmodin) AS reads
       FROM pg_catalog.pg_type t
      WHERE t.oid = pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid`,
    signal,
  );
  const [oid, reads] = [rows[0]?.['oid'], rows[0]?.['reads']];
  const modifiers = modifiersOf(parser, type);
  const modifier =
    modifiers.length === 0 || typeof reads !== 'string'
      ? '-1'
      : `${reads}(ARRAY[${modifiers.map(quoteLiteral).join(', ')}]::cstring[])`;
  const sql = `SELECT pg_catalog.format_type(${String(oid)}, ${modifier}) AS type`;
  const spelled = await withQualifiedOutput(session, () => readOnlyRows(session, sql, signal));
  return String(spelled[0]?.['type']);
}

function modifiersOf(parser: SqlParser, type: string): string[] {
  const select = asKind(parser.parse(`SELECT NULL::${type}`).statements[0]?.node, 'SelectStmt');
  const cast = asKind(asKind(select?.targetList?.[0], 'ResTarget')?.val, 'TypeCast');
  return (cast?.typeName?.typmods ?? []).flatMap((node) => {
    const constant = asKind(node, 'A_Const');
    if (constant?.sval) return [constant.sval.sval ?? ''];
    // The parser leaves zeros out.
    return constant ? [String(constant.ival?.ival ?? 0)] : [];
  });
}
