import type { Assessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import type { Database } from '../journey/database';
import type { JourneyContext } from '../journey/workspace';
import type { OptionValues, Verb } from './verb';

/** Whether a batch of a backfill is tried for its time, shared by assess, plan and scaffold. */
export const sampleOptions: Verb['options'] = { sample: { type: 'boolean' } };

export const sampleUsage = '[--sample]';

/** What is there for a change, with a batch that was tried where `--sample` says so. */
export async function assessed(
  context: JourneyContext,
  database: Database,
  change: Change,
  values: OptionValues,
): Promise<Assessment> {
  const { assessChange } = await import('../journey/assess');
  const assessment = await assessChange(context, database, change);
  if (values['sample'] !== true || assessment.blockers.length > 0) return assessment;
  const { sampleBatches } = await import('../journey/sample-batches');
  return sampleBatches(context, database, assessment);
}
