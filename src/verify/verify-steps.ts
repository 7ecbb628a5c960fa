import { runCheck, verificationHolds } from '../implement/verification';
import { t } from '../messages/translate';
import { phaseOf, stepsOf, type CheckStep, type Step } from '../plan/plan';
import { columnsMayDiffer, provesEquality } from '../plan/rename-equality';
import type { ReportCheck } from './report';
import { whyTakenAway } from './taken-away';
import { pastContract } from './verify-columns';
import { isDone, isForTheWayBack, timed, type VerifyRequest } from './verify-request';

/** Each done step's own verification, and each check step's checks, run again now. */
export async function verifySteps(request: VerifyRequest): Promise<ReportCheck[]> {
  const checks: ReportCheck[] = [];
  for (const step of stepsOf(request.plan)) {
    if (step.verification !== null) checks.push(await stepCheck(request, step));
    if (step.kind === 'check') checks.push(...(await checksOf(request, step)));
  }
  return checks;
}

async function stepCheck(request: VerifyRequest, step: Step): Promise<ReportCheck> {
  const verification = step.verification!;
  const check = { id: step.id, title: step.title, sql: verification.sql };
  const reason = whyNotNow(request, step);
  return timed(check, async () => {
    if (reason !== null) return { verdict: 'not-run', evidence: reason };
    const holds = await verificationHolds(request.session, verification, request.signal);
    if (!holds && isReleaseBeforeChange(request, step)) {
      return {
        verdict: 'not-run',
        evidence: t('It held for this release; a later step of the plan has changed that.'),
      };
    }
    return holds
      ? { verdict: 'passed', evidence: t('holds: {0}', verification.expectation) }
      : { verdict: 'failed', evidence: t('does not hold: {0}', verification.expectation) };
  });
}

async function checksOf(request: VerifyRequest, step: CheckStep): Promise<ReportCheck[]> {
  const reason = whyNotNow(request, step);
  const checks: ReportCheck[] = [];
  for (const check of step.checks) {
    checks.push(
      await timed({ id: `${step.id}-${check.id}`, title: check.title, sql: check.sql }, async () => {
        if (reason !== null) return { verdict: 'not-run', evidence: reason };
        const { holds, detail } = await runCheck(request.session, check, request.signal);
        return {
          verdict: holds ? 'passed' : 'failed',
          evidence: detail || (holds ? t('holds') : t('does not hold')),
        };
      }),
    );
  }
  return checks;
}

/** Why a step's verification says nothing now; null when it must hold. */
function whyNotNow(request: VerifyRequest, step: Step): string | null {
  if (!isDone(request.progress, step.id)) return t('The step has not been done yet.');
  const isOver = step.kind === 'check' || phaseOf(request.plan, step.id)?.name !== 'contract';
  if (isOver && pastContract(request)) {
    return t('The contract phase has taken the place of what this step made.');
  }
  const takenAway = whyTakenAway(request, step);
  if (takenAway !== null) return takenAway;
  if (isForTheWayBack(request, step)) {
    return t('It is for the way back: what comes after it has given it rows to do.');
  }
  if (provesEquality(request.plan, step) && columnsMayDiffer(request.plan, request.progress)) {
    return t('The columns need not be equal any more: the application is free to write the new one alone.');
  }
  return null;
}

/** Whether it is a release, and a later step has changed the schema: its proof was of what it found. */
function isReleaseBeforeChange({ plan, progress }: VerifyRequest, step: Step): boolean {
  if (step.kind !== 'deploy') return false;
  const steps = stepsOf(plan);
  const later = steps.slice(steps.indexOf(step) + 1);
  return later.some(
    ({ kind, id }) => (kind === 'migration' || kind === 'concurrent') && isDone(progress, id),
  );
}
