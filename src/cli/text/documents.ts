import path from 'node:path';
import type { IssuesOutcome } from '../../journey/create-issues';
import type { PlanDocumentsOutcome } from '../../journey/plan-documents';
import { t } from '../../messages/translate';

/** The documents of a plan for the terminal: a line for each file, and for each issue. */
export function documentsText(
  { written, unchanged, kept }: PlanDocumentsOutcome,
  issues: IssuesOutcome | null,
  root: string,
): string {
  const relative = (file: string): string => path.relative(root, file);
  return [
    ...written.map((file) => t('wrote {0}', relative(file))),
    ...unchanged.map((file) => t('unchanged {0}', relative(file))),
    ...kept.map((file) => t('kept {0}: a person edited it', relative(file))),
    ...(issues?.created ?? []).map(({ ticket, issue }) => t('created {0} for {1}', issue, relative(ticket))),
    ...(issues?.existing ?? []).map(({ ticket, issue }) => t('{0} has {1}', relative(ticket), issue)),
  ].join('\n');
}
