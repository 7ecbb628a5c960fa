import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseExpression } from '../sql/expression';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { listUses, type OwnType, type TypeUse } from './own-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** Bytes up to which tables are read in a moment. */
const quickReadBytes = 32 * 1024 * 1024;

/** The columns that PostgreSQL reads when a check of the domain is proved, each in a table that has rows itself. */
export function provedUses({ uses }: OwnType): TypeUse[] {
  return uses.filter(({ kind }) => kind === 'table' || kind === 'materialized-view');
}

/** Whether all that has values of the domain is read in a moment. */
export function isReadQuickly(type: OwnType): boolean {
  const tables = new Map(provedUses(type).map(({ table, bytes }) => [formatQualifiedName(table), bytes]));
  return [...tables.values()].reduce((sum, bytes) => sum + bytes, 0) <= quickReadBytes;
}

/** Why a check of the domain cannot be proved by PostgreSQL, with the way out. */
export function proofBlockers(type: OwnType): string[] {
  const name = formatQualifiedName(type.name);
  const inside = type.uses.filter((use) => use.inside);
  if (inside.length > 0) {
    return [
      t(
        'Values of {0} are inside of arrays, rows or ranges there, where PostgreSQL does not prove a check: {1}. Check the columns instead (add-check).',
        name,
        listUses(inside),
      ),
    ];
  }
  if (isReadQuickly(type)) return [];
  return [
    t(
      'To prove a check of {0} PostgreSQL reads all of these while nobody can write them, and they are too large for that: {1}. Check the columns instead (add-check), which is proved while others go on writing.',
      name,
      listUses(provedUses(type)),
    ),
  ];
}

/** Lists values of the domain for which a condition over VALUE is false; where it is NULL a CHECK takes the value. */
export function domainViolationsQuery({ base, uses }: OwnType, condition: string): string {
  const each = uses
    .filter(({ kind, inside }) => !inside && (kind === 'table' || kind === 'materialized-view'))
    .map(
      ({ table, column }) =>
        `SELECT held.value::text AS value\n  FROM (SELECT ${formatIdentifier(column)}::${base ?? 'text'} AS value FROM ONLY ${formatQualifiedName(table)}) AS held\n` +
        ` WHERE NOT (${condition})`,
    );
  return each.length === 0 ? 'SELECT NULL::text AS value WHERE false' : each.join('\nUNION ALL\n');
}

/** Whether a condition can be computed from a value of the domain. Throws `invalid-input`. */
export async function checkDomainCondition(
  { session, parser, signal }: Look,
  { base }: OwnType,
  text: string,
): Promise<void> {
  const parsed = parseExpression(parser, text);
  const problem = parsed.problems[0];
  if (problem) refuse(t('{0} is no SQL expression: {1} Correct it.', text, problem.message));
  if (parsed.subquery) refuse(t('{0} holds a subquery. Compute it from VALUE alone.', text));
  if (parsed.columns.some((column) => column !== 'value'))
    refuse(t('{0} names a column, and a domain knows none. Write VALUE for the value itself.', text));
  try {
    await readOnlyRows(
      session,
      `SELECT FROM (SELECT NULL::${base ?? 'text'} AS value) AS held WHERE (${text}) LIMIT 0`,
      signal,
    );
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    refuse(t('The server does not take {0}: {1}. Correct it.', text, serverMessage(error)));
  }
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
