import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { TransactionOptions } from './session';

/** BEGIN with its isolation and access mode, and the SET LOCALs of its timeouts. Throws `usage` for a timeout that is no whole number of ms. */
export function beginStatement(options: TransactionOptions): string {
  const modes = [
    options.isolation === undefined ? null : `isolation level ${options.isolation}`,
    options.readOnly ? 'read only' : null,
  ].filter((mode) => mode !== null);
  const statements = [['begin', modes.join(', ')].join(' ').trim()];
  if (options.lockTimeoutMilliseconds !== undefined) {
    statements.push(`set local lock_timeout = ${milliseconds(options.lockTimeoutMilliseconds)}`);
  }
  if (options.statementTimeoutMilliseconds !== undefined) {
    statements.push(`set local statement_timeout = ${milliseconds(options.statementTimeoutMilliseconds)}`);
  }
  return statements.join('; ');
}

function milliseconds(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 2_147_483_647) return value;
  throw new SwitchbackError(
    'usage',
    t('A timeout of {0} ms is not possible. Give a whole number of milliseconds.', value),
  );
}
