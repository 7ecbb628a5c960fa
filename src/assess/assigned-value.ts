import { t } from '../messages/translate';
import type { Look } from './changes/change-type';
import { canonicalType } from './canonical-type';
import { isCut, uncut } from './cut-by-cast';
import { isSwitchbackError } from '../messages/error';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/**
 * SQL that is true where a value is too long for the type: a written cast cuts it there, and a write is refused. null for
 * types that cut nothing. https://www.postgresql.org/docs/current/datatype-character.html
 */
export async function tooLongCondition(
  { session, parser, signal }: Pick<Look, 'session' | 'parser' | 'signal'>,
  expression: string,
  type: string,
): Promise<string | null> {
  const spelled = await canonicalType(session, parser, type, signal);
  const [below] = await readOnlyRows(session, domainBase(type), signal);
  const base = typeof below?.['base'] === 'string' ? below['base'] : spelled;
  return uncut(base) === base ? null : isCut(`${expression}\n`, type);
}

/** Why a value that reads no row does not become one of the type when it is written; null where it does. */
export async function constantFault(at: Look, expression: string, type: string): Promise<string | null> {
  const tooLong = await tooLongCondition(at, expression, type);
  const sql = `SELECT (${expression}\n)::${type} IS NULL AS missing, ${tooLong ?? 'false'} AS long`;
  try {
    const [row] = await readOnlyRows(at.session, sql, at.signal);
    return row?.['long'] === true ? t('it is too long, and would not be cut') : null;
  } catch (error) {
    if (!isSwitchbackError(error)) throw error;
    const breaks = String(error.details['sqlstate'] ?? '').startsWith('23');
    if (!breaks && !isStatementFault(error)) throw error;
    return serverMessage(error);
  }
}

function domainBase(type: string): string {
  return `WITH RECURSIVE layers(base, modifier, kind, depth) AS (
    SELECT t.typbasetype, t.typtypmod, t.typtype, 1 FROM pg_catalog.pg_type t
     WHERE t.oid = pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid
    UNION ALL
    SELECT t.typbasetype, t.typtypmod, t.typtype, l.depth + 1 FROM layers l JOIN pg_catalog.pg_type t ON t.oid = l.base WHERE l.kind = 'd' AND t.typtype = 'd'
  )
  SELECT pg_catalog.format_type(base, modifier) AS base FROM layers WHERE kind = 'd' ORDER BY depth DESC LIMIT 1`;
}
