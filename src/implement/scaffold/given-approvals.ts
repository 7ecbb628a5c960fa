import type { GivenApproval } from '../../documents/approvals';
import { t } from '../../messages/translate';
import type { Evidence } from '../../plan/plan';
import { dateText } from '../../templates/date-text';
import type { Approval } from './plan-file-schema';

export interface ApprovalRecord {
  /** Those that stand in the front matter. */
  approvals: readonly Approval[];
  /** What the databases have on record. */
  evidence: readonly Evidence[];
  roles: readonly string[];
  /** Of the plan as it is now. */
  approvedHash: string | null;
}

/** Every approval given, with its role; `valid` when it was given for the plan as it is now. */
export function givenApprovals(record: ApprovalRecord): (GivenApproval & { valid: boolean })[] {
  const written = record.approvals.map(({ role, by, at, hash }) => ({ role, by, at, hash }));
  const recorded = record.evidence
    .filter((item) => item.gate === 'approval' && item.verdict === 'held')
    .map(({ by, at, contentHash, details }) => ({
      role: typeof details.role === 'string' ? details.role : roleIn(details.reason, record.roles),
      by,
      at,
      hash: contentHash,
    }))
    .filter((item) => !written.some((other) => other.by === item.by && other.at === item.at));
  return [...written, ...recorded].map(({ role, by, at, hash }) => {
    const valid = hash !== null && hash === record.approvedHash;
    return { role, by, valid, at: valid ? at : t('{0}, for the plan as it was then', dateText(at)) };
  });
}

/** Whoever approves at a gate without naming a role says so in words: the role is the one that stands in them. */
function roleIn(reason: Evidence['details'][string] | undefined, roles: readonly string[]): string {
  const words = typeof reason === 'string' ? reason : '';
  const named = roles.find((role) => words.toLowerCase().includes(role.toLowerCase()));
  return named ?? t('Without a role');
}
