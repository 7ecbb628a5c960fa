import type { DatabaseError } from 'pg';
import { errorText, isSwitchbackError, SwitchbackError, type ErrorCode } from '../messages/error';
import { redact } from '../messages/redact';
import { t } from '../messages/translate';
import { connectionLost, errorCode, isServerMessage } from './connect-error';

/**
 * What a failed statement becomes: `details` has sqlstate, position (characters, from 1), and the server's
 * message, detail, hint and object names. `cancelled` says that this session asked for the cancellation.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function queryError(error: unknown, label: string, cancelled: boolean): SwitchbackError {
  if (isSwitchbackError(error)) return error;
  if (!isServerMessage(error)) return connectionFailure(error, label);
  const answer = error as DatabaseError;
  const sqlstate = answer.code ?? '';
  if (endsSession(answer)) return connectionLost(label, error);
  const code = codeOf(sqlstate, cancelled);
  return new SwitchbackError(code, sentenceOf(code, sqlstate, answer, label), {
    cause: error,
    details: {
      sqlstate,
      position: answer.position === undefined ? null : Number(answer.position),
      message: redact(answer.message),
      detail: answer.detail === undefined ? null : redact(answer.detail),
      hint: answer.hint ?? null,
      where: answer.where ?? null,
      schema: answer.schema ?? null,
      table: answer.table ?? null,
      column: answer.column ?? null,
      constraint: answer.constraint ?? null,
    },
  });
}

/** Errors without an SQLSTATE: the socket broke, or a parameter could not be sent. */
function connectionFailure(error: unknown, label: string): SwitchbackError {
  const text = errorText(error);
  const isLoss =
    /^(ECONN|EPIPE|ETIMEDOUT|ENET|EHOST|ERR_STREAM|EPROTO)/.test(errorCode(error)) ||
    /^(Connection terminated|Client was closed|Client has encountered|This socket has been ended)/.test(text);
  if (isLoss) return connectionLost(label, error);
  return new SwitchbackError(
    'internal',
    t('The statement could not be sent to {0}: {1}. Report this with the log.', label, redact(text)),
    { cause: error },
  );
}

/** FATAL and PANIC end the session, whatever their code (57P01 terminated, 25P03 idle in transaction, ...). */
function endsSession(error: DatabaseError): boolean {
  return (
    error.severity === 'FATAL' || error.severity === 'PANIC' || /^(57P0[1-5]|08...)$/.test(error.code ?? '')
  );
}

function codeOf(sqlstate: string, cancelled: boolean): ErrorCode {
  switch (sqlstate) {
    case '55P03':
      return 'lock-timeout';
    case '42501':
      return 'no-privilege';
    case '57014':
      return cancelled ? 'cancelled' : 'database-error';
    case '42601':
      return 'syntax-error';
    case '42P01': // undefined table
    case '42703': // undefined column
    case '42704': // undefined object
    case '42883': // undefined function
    case '3D000': // no such database
    case '3F000': // no such schema
      return 'not-found';
    default:
      return 'database-error';
  }
}

function sentenceOf(code: ErrorCode, sqlstate: string, error: DatabaseError, label: string): string {
  const reason = redact(error.message);
  switch (code) {
    case 'lock-timeout':
      return t(
        'A lock on {0} was not free in time: {1}. Try again when the sessions that hold it have finished.',
        label,
        reason,
      );
    case 'no-privilege':
      return t('{0} did not allow it: {1}. Ask for the privilege, or connect as the owner.', label, reason);
    case 'cancelled':
      return t('The statement on {0} was cancelled. Run it again when you are ready.', label);
    case 'syntax-error':
      return t('{0} does not understand the statement: {1}. Correct the SQL.', label, reason);
    case 'not-found':
      return t('Something the statement names is not in {0}: {1}. Check the names.', label, reason);
    default:
      return sqlstate === '57014'
        ? t(
            '{0} stopped the statement: {1}. Raise statement_timeout, or run it when there is less load.',
            label,
            reason,
          )
        : t(
            '{0} refused the statement: {1}. {2}',
            label,
            reason,
            error.hint ?? t('Correct it and run it again.'),
          );
  }
}
