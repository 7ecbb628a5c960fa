import { t } from '../messages/translate';
import type { Evidence, Gate } from '../plan/plan';
import type { GateRequest } from './gate-request';
import { fromEvidence, readGate, reasonOf } from './gate-state';

/** Somebody as git knows them. */
export interface GitPerson {
  name: string;
  mail: string;
}

/** What plan.md itself says of its approvals. */
export interface WrittenApprovals {
  /** Why some of those that plan.md names do not count, in sentences. */
  refused: readonly string[];
  /** Who wrote the plan, where somebody else has to approve it; null where nobody asks or nobody knows. */
  author: GitPerson | null;
}

/**
 * The approval of the plan as it is now: by whoever gave it last. One that was given for another version of the plan, that
 * git does not prove, or that only the plan's author gave where another is asked for, leaves the gate unknown.
 */
export function approvalGate(request: GateRequest, recorded: Evidence | undefined): Gate {
  const { evidence, contentHash, approvals } = request;
  if (recorded?.verdict === 'failed')
    return fromEvidence(
      'approval',
      recorded,
      'failed',
      t('Failed on {0}: {1}', recorded.at, reasonOf(recorded)),
    );
  const given = evidence
    .filter(({ gate, verdict }) => gate === 'approval' && (verdict === 'held' || verdict === 'passed'))
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const valid = given.filter((item) => contentHash === null || item.contentHash === contentHash);
  const author = approvals?.author ?? null;
  const counts = valid.find(({ by }) => author === null || !isLikely(by, author));
  if (counts) {
    const reason = t('Confirmed by {0} on {1}: {2}', counts.by, counts.at, reasonOf(counts));
    return fromEvidence('approval', counts, 'held', reason);
  }
  const [own] = valid;
  const [stale] = given;
  const why =
    own !== undefined
      ? t('{0} wrote this plan and cannot be its only approver. Ask somebody else for approval.', own.by)
      : stale !== undefined
        ? t('The plan changed after {0} approved it. Have it approved again.', stale.by)
        : t('Nobody has approved the plan. Ask for approval.');
  const reason = [why, ...(approvals?.refused ?? [])].join(' ');
  const about = own ?? stale;
  return about ? fromEvidence('approval', about, 'unknown', reason) : readGate('approval', 'unknown', reason);
}

/** Whether a name in a record is how git knows this person: their name, their address, or both. */
export function isSigner(said: string, { name, mail }: GitPerson): boolean {
  const words = said.trim().toLowerCase();
  return [name, mail, `${name} <${mail}>`].some((word) => word !== '' && word.toLowerCase() === words);
}

/** Whoever confirms by hand is known by the name they have on their machine. */
function isLikely(said: string, person: GitPerson): boolean {
  return isSigner(said, person) || said.trim().toLowerCase() === person.mail.split('@')[0]!.toLowerCase();
}
