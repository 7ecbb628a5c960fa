import { errorText, isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatQualifiedName } from '../sql/identifier';
import type { BackfillRun } from './backfill-run';

/** What a failed batch becomes: the error with the range of rows it was about to change. */
export function failureWithRange(run: BackfillRun, error: unknown): SwitchbackError {
  const reason = isSwitchbackError(error)
    ? String(error.details.message ?? error.sentence)
    : errorText(error);
  const sqlstate = isSwitchbackError(error) ? (error.details.sqlstate ?? null) : null;
  const code = isSwitchbackError(error, 'lock-timeout') ? 'lock-timeout' : 'step-failed';
  return new SwitchbackError(code, stoppedSentence(run, reason), { cause: error, details: { sqlstate } });
}

function stoppedSentence(run: BackfillRun, reason: string): string {
  const { rowsDone } = run.record;
  return rowsDone === 1
    ? t(
        'The backfill stopped at {0}: {1}. 1 row before it is done and stays; correct the cause and resume.',
        describePlace(run),
        reason,
      )
    : t(
        'The backfill stopped at {0}: {1}. {2} rows before it are done and stay; correct the cause and resume.',
        describePlace(run),
        reason,
        rowsDone,
      );
}

/** The range of rows the failed batch was about to change. */
function describePlace(run: BackfillRun): string {
  const { position, batchUnits } = run.record;
  const table = run.context.tables.find((candidate) => candidate.oid >= (position.table ?? -1));
  const name = table?.name ?? formatQualifiedName(run.spec.table);
  const here = table?.oid === position.table;
  if (run.spec.walk.by === 'ctid') {
    const page = here ? position.page : 0;
    if (batchUnits === 1) return t('page {0} of {1}', page, name);
    return t('pages {0} to {1} of {2}', page, page + batchUnits - 1, name);
  }
  const columns = run.spec.walk.columns.join(', ');
  if (!here || position.key === null)
    return batchUnits === 1
      ? t('the first row of {0} by {1}', name, columns)
      : t('the first {0} rows of {1} by {2}', batchUnits, name, columns);
  const key = position.key.join(', ');
  return batchUnits === 1
    ? t('the row of {0} after {1} = {2}', name, columns, key)
    : t('the {0} rows of {1} after {2} = {3}', batchUnits, name, columns, key);
}
