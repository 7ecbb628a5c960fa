import { t } from '../../messages/translate';
import type { Rollback } from '../plan';
import { sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';

/** The way back of steps that are taken back together: as one statement, or as those that share a transaction. */
export interface WayBackTogether {
  alone: string;
  shared: readonly string[];
}

/** The rollback of a step, until takenBackTogether gives it one. */
export const byTheFirst = { nothing: '' };

/**
 * Steps that the rollback of the first of them takes back all: an index that has become a constraint goes with it, and
 * nothing makes a plain index of it again.
 */
export function takenBackTogether(
  [first, ...others]: readonly StepDraft[],
  { alone, shared }: WayBackTogether,
): StepDraft[] {
  if (first === undefined) return [];
  const sql = first.kind === 'concurrent' ? sqlScript([alone]) : sqlScript(shared);
  const why = t('The rollback of "{0}" takes it back, too.', first.title);
  return [
    withRollback(first, { kind: 'sql', sql }),
    ...others.map((step) => withRollback(step, { kind: 'nothing', why })),
  ];
}

function withRollback(step: StepDraft, rollback: Rollback): StepDraft {
  return 'rollback' in step ? { ...step, rollback } : step;
}
