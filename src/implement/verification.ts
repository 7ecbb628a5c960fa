import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Check, Step, Verification } from '../plan/plan';

/**
 * Whether a verification holds now; a query without a row, or about something that is not there, does not. Throws
 * `invalid-input` where it does not answer with one `holds`.
 */
export async function verificationHolds(
  session: Session,
  verification: Verification,
  signal?: AbortSignal,
): Promise<boolean> {
  const rows = await answer(session, verification.sql, signal);
  const holds = rows[0]?.holds;
  if (rows.length === 0) return false;
  if (rows.length === 1 && (typeof holds === 'boolean' || holds === null)) return holds === true;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The verification "{0}" must give one row with a boolean column "holds". Correct its SQL.',
      verification.expectation,
    ),
  );
}

async function answer(session: Session, sql: string, signal?: AbortSignal): Promise<{ holds?: unknown }[]> {
  try {
    return (await session.query<{ holds?: unknown }>(sql, [], { signal })).rows;
  } catch (error) {
    if (isSwitchbackError(error, 'not-found')) return [];
    throw error;
  }
}

/** Runs a step's verification; throws `verification-failed` with what was expected. */
export async function verifyStep(session: Session, step: Step, signal?: AbortSignal): Promise<void> {
  if (step.verification === null || (await verificationHolds(session, step.verification, signal))) return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      'After "{0}" this does not hold: {1}. Look at the step\'s verification query, then resume or roll back.',
      step.title,
      step.verification.expectation,
    ),
  );
}

export interface CheckResult {
  check: Check;
  holds: boolean;
  detail: string;
  milliseconds: number;
}

/** Runs one check: a query of one row with `holds` and `detail`. */
export async function runCheck(session: Session, check: Check, signal?: AbortSignal): Promise<CheckResult> {
  const started = performance.now();
  const { rows } = await session.query<{ holds?: unknown; detail?: unknown }>(check.sql, [], { signal });
  const row = rows[0];
  if (rows.length !== 1 || row === undefined || !(typeof row.holds === 'boolean' || row.holds === null)) {
    throw new SwitchbackError(
      'invalid-input',
      t('The check "{0}" must give one row with a boolean column "holds". Correct its SQL.', check.title),
    );
  }
  const detail = typeof row.detail === 'string' ? row.detail : '';
  return { check, holds: row.holds === true, detail, milliseconds: Math.round(performance.now() - started) };
}
