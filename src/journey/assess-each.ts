import type { PartAssessment } from '../assess/assessment';
import type { Change, SingleChange } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { isSwitchbackError } from '../messages/error';
import type { WaitingChange } from './assess-in-turn';

/** What is there of each change; of several ones those wait that find nothing of what they are about. */
export async function assessEach(
  change: Change,
  work: (part: SingleChange) => Promise<PartAssessment>,
): Promise<{ found: PartAssessment[]; waiting: WaitingChange[] }> {
  const found: PartAssessment[] = [];
  const waiting: WaitingChange[] = [];
  for (const part of partsOf(change)) {
    try {
      found.push(await work(part));
    } catch (error) {
      if (change.kind !== 'several' || !isSwitchbackError(error, 'not-found')) throw error;
      waiting.push({ change: part, error });
    }
  }
  if (found.length === 0 && waiting[0]) throw waiting[0].error;
  return { found, waiting };
}
