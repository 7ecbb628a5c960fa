import { t } from '../messages/translate';
import { dateText } from '../templates/date-text';
import { markdownCell } from '../templates/markdown';
import { emitRegion } from './regions';

/** Who approves a plan, unless `.switchback/config.json` says otherwise under "approvalRoles". */
export const defaultApprovalRoles: readonly string[] = ['Tech lead', 'Product owner', 'Stakeholders'];

export interface GivenApproval {
  role: string;
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** The region of plan.md that shows who has approved; it is the machine's part, like the front matter. */
export const approvalsRegionId = 'live.approvals';

/** The roles with who has approved and when, then approvals given for other roles. */
export function approvalRows(
  roles: readonly string[],
  given: readonly GivenApproval[],
): { role: string; by: string; at: string }[] {
  const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
  const asked = roles.flatMap((role) => {
    const found = given.filter((approval) => same(approval.role, role));
    return found.length > 0
      ? found.map((approval) => ({ ...approval, role }))
      : [{ role, by: t('not yet'), at: t('not yet') }];
  });
  const others = given.filter((approval) => !roles.some((role) => same(role, approval.role)));
  return [...asked, ...others].map(({ role, by, at }) => ({ role, by, at: dateText(at) }));
}

/** The table of approvals as a region. */
export function approvalsRegion(roles: readonly string[], given: readonly GivenApproval[]): string {
  const rows = approvalRows(roles, given).map(
    ({ role, by, at }) => `| ${markdownCell(role)} | ${markdownCell(by)} | ${markdownCell(at)} |`,
  );
  const head = `| ${t('Role')} | ${t('Name')} | ${t('Date')} |\n|---|---|---|`;
  return emitRegion(approvalsRegionId, [head, ...rows].join('\n'));
}
