import type { Assessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import type { Database } from '../journey/database';
import type { JourneyContext } from '../journey/workspace';
import { t } from '../messages/translate';
import type { OptionValues, VerbOptions } from './verb';

/** Whether a batch of a backfill is tried for its time, shared by assess, plan and scaffold. */
export const sampleOptions: VerbOptions = {
  sample: {
    type: 'boolean',
    help: t(
      'writes a batch of rows as they are, after a yes (--yes sample-batch), and takes it back: for estimates',
    ),
  },
};

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
