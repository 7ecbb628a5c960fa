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
  const sentence = t(
    'The backfill stopped at {0}: {1}. {2} rows before it are done and stay; correct the cause and resume.',
    describePlace(run),
    reason,
    run.record.rowsDone,
  );
  return new SwitchbackError(code, sentence, { cause: error, details: { sqlstate } });
}

/** The range of rows the failed batch was about to change. */
function describePlace(run: BackfillRun): string {
  const { position, batchUnits } = run.record;
  const table = run.context.tables.find((candidate) => candidate.oid >= (position.table ?? -1));
  const name = table?.name ?? formatQualifiedName(run.spec.table);
  const here = table?.oid === position.table;
  if (run.spec.walk.by === 'ctid') {
    const page = here ? position.page : 0;
    return t('pages {0} to {1} of {2}', page, page + batchUnits - 1, name);
  }
  const columns = run.spec.walk.columns.join(', ');
  if (!here || position.key === null) return t('the first {0} rows of {1} by {2}', batchUnits, name, columns);
  return t('the {0} rows of {1} after {2} = {3}', batchUnits, name, columns, position.key.join(', '));
}
