import type { EvidenceLine } from '../documents/rollout/evidence-region';
import { givenApprovals } from '../implement/scaffold/given-approvals';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { t } from '../messages/translate';
import type { Evidence } from '../plan/plan';

/** What the record of plan.md proves of a plan: rehearsal, staging, verification, and the approval of each role. */
export function evidenceLines(loaded: LoadedPlan, roles: readonly string[]): EvidenceLine[] {
  const evidence = Object.values(loaded.environments).flatMap((environment) => environment.evidence);
  return [
    gateLine(t('Rehearsal of the way back'), latest(evidence, 'rehearsal'), loaded.approvedHash),
    gateLine(t('Run on staging'), latest(evidence, 'staging-run'), null),
    gateLine(t('Verification'), latest(evidence, 'verification'), null),
    ...approvalLines(loaded, evidence, roles),
  ];
}

function gateLine(what: string, last: Evidence | undefined, approvedHash: string | null): EvidenceLine {
  if (!last) return { what, verdict: t('not yet'), at: null, by: null, detail: t('Nothing is on record.') };
  const { at, by, database } = last;
  const stale = approvedHash !== null && last.contentHash !== approvedHash;
  const reason = typeof last.details.reason === 'string' ? last.details.reason : null;
  const proof = reason === null ? t('On {0}', database) : t('{0}, for {1}', reason, database);
  return {
    what,
    verdict: stale ? t('out of date') : verdictWord(last.verdict),
    at,
    by,
    detail: stale ? t('{0}; the plan has changed since', proof) : proof,
  };
}

function verdictWord(verdict: Evidence['verdict']): string {
  switch (verdict) {
    case 'held':
    case 'passed':
      return t('passed');
    case 'failed':
      return t('failed');
    case 'waived':
      return t('waived');
  }
}

function approvalLines(
  { approvals, approvedHash }: LoadedPlan,
  evidence: readonly Evidence[],
  roles: readonly string[],
): EvidenceLine[] {
  const given = givenApprovals({ approvals, evidence, roles, approvedHash });
  const line = (role: string): EvidenceLine => {
    const what = t('Approval: {0}', role);
    const last = given.findLast((item) => item.role.toLowerCase() === role.toLowerCase());
    if (!last) return { what, verdict: t('not yet'), at: null, by: null, detail: t('Nothing is on record.') };
    const { at, by, valid } = last;
    const verdict = valid ? t('given') : t('out of date');
    return { what, verdict, at: valid ? at : null, by, detail: valid ? t('The plan as it is') : at };
  };
  const others = given.map(({ role }) => role).filter((role) => !roles.some((asked) => same(asked, role)));
  return [...roles, ...new Set(others)].map(line);
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function latest(evidence: readonly Evidence[], gate: Evidence['gate']): Evidence | undefined {
  return evidence
    .filter((item) => item.gate === gate)
    .sort((left, right) => Date.parse(left.at) - Date.parse(right.at))
    .at(-1);
}
