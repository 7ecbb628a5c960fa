import { t } from '../messages/translate';
import type { Plan, PlanProgress } from '../plan/plan';

/** One thing that is left over when a plan is over, and what becomes of it. */
export interface ArchiveItem {
  /** A path relative to the plan's folder, or an object in the database. */
  what: string;
  action: 'keep' | 'archive' | 'remove';
  why: string;
}

/**
 * What to do with the files of a finished plan and with its rows in the schema `switchback`. `files` are relative
 * to the plan's folder. Empty while the plan is not over. Pure.
 */
export function archiveList(plan: Plan, progress: PlanProgress, files: readonly string[]): ArchiveItem[] {
  if (progress.state !== 'done' && progress.state !== 'rolled-back' && progress.state !== 'abandoned')
    return [];
  const items = [...files].sort().map((file) => ({ what: file, ...fateOf(file, progress) }));
  return [
    ...items,
    {
      what: `switchback.backfills (${plan.id})`,
      action: 'remove' as const,
      why: t('Checkpoints of a backfill that is over; the steps and evidence stay.'),
    },
  ];
}

function fateOf(file: string, progress: PlanProgress): Pick<ArchiveItem, 'action' | 'why'> {
  if (file.startsWith('held/')) {
    return progress.state === 'done'
      ? { action: 'remove', why: t('It was released; the migrations folder has it.') }
      : { action: 'archive', why: t('It was never released.') };
  }
  if (/^(plan|report|retrospective)\.md$/.test(file))
    return { action: 'keep', why: t('The record of what was done and why.') };
  return { action: 'archive', why: t('Of use only while the plan was open.') };
}
