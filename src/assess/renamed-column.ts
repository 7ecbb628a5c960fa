import { columnOf } from '../catalog/read-table-facts';
import { isSwitchbackError, type SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** A second column of a domain that refuses NULL cannot be added before it has its values. */
export async function refusedNullBlockers(
  column: string,
  { session, table, signal }: Look,
): Promise<string[]> {
  const { type, typeKind } = columnOf(table, column);
  if (typeKind !== 'domain') return [];
  try {
    await readOnlyRows(session, `SELECT CAST(NULL AS ${type})`, signal);
    return [];
  } catch (error) {
    if (!isStatementFault(error) && !isCheckFault(error)) throw error;
    return [
      t(
        '{0} is of the domain {1}, which refuses NULL, so that a second column of it cannot be added before it is filled: {2}. Rename it by a view, which needs no second column (--by-view).',
        formatIdentifier(column),
        type,
        serverMessage(error),
      ),
    ];
  }
}

function isCheckFault(error: unknown): error is SwitchbackError {
  return isSwitchbackError(error) && /^23/.test(String(error.details['sqlstate'] ?? ''));
}
