import { lawOf } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import type { RenameColumn } from '../assess/changes/rename-column';
import { formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { imageDiffers } from '../sql/image-differs';
import { stepsOf, type Plan, type PlanProgress, type Step } from './plan';

/** The last words of the id of the release after which the application writes the new name alone. */
export const stopWritingOldSlug = 'stop-writing-old';

/** A query of one row with `holds`: old and new column are equal on every row, for every type. */
export function columnsEqualSql({ table, from, to }: Pick<RenameColumn, 'table' | 'from' | 'to'>): string {
  const differs = imageDiffers(quoteIdentifier(to), quoteIdentifier(from));
  return `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(table)} WHERE ${differs}) AS holds`;
}

/** Whether a step's verification is that both columns of a rename are equal. */
export function provesEquality(plan: Pick<Plan, 'change'>, step: Step): boolean {
  return partsOf(plan.change).some((change) => {
    const law = lawOf(change);
    if (law?.kind !== 'equal') return false;
    const { table } = change;
    return step.verification?.sql.trim() === columnsEqualSql({ table, from: law.old, to: law.new });
  });
}

/**
 * The step from which on what another one proved need not hold any more: with the application's own dual write the
 * columns are equal until it stops writing the old one. Null where it has to hold until contract.
 */
export function equalUntil(plan: Pick<Plan, 'change' | 'options' | 'phases'>, step: Step): string | null {
  return provesEquality(plan, step) ? (stopWritingOld(plan)?.id ?? null) : null;
}

/**
 * Whether a rename has come so far that the columns need not be equal any more: the application writes both, and
 * the release that stops writing the old one is next or done. With a trigger they are equal until contract.
 */
export function columnsMayDiffer(
  plan: Pick<Plan, 'change' | 'options' | 'phases'>,
  progress: Pick<PlanProgress, 'steps'>,
): boolean {
  const stop = stopWritingOld(plan);
  const state = progress.steps.find((step) => step.id === stop?.id)?.state;
  return state !== undefined && state !== 'blocked' && state !== 'rolled-back';
}

function stopWritingOld(plan: Pick<Plan, 'change' | 'options' | 'phases'>): Step | undefined {
  const keepsEqual = partsOf(plan.change).some((change) => lawOf(change)?.kind === 'equal');
  if (!keepsEqual || plan.options.dualWrite !== 'application') return undefined;
  return stepsOf(plan).find((step) => step.id.endsWith(`-${stopWritingOldSlug}`));
}
