import { loadEvidence } from '../database/evidence-store';
import type { EvidenceRow } from '../database/run-record';
import { schemaState } from '../database/switchback-schema';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import type { Database } from './database';
import { historyHash } from './rehearsed-history';
import type { JourneyContext } from './workspace';

/** What is on record of a rehearsal on rows of the database, as long as the plan and what comes before it are as they were then. */
export interface CopyOnRecord {
  /** On what, in words. */
  text: string;
  /** The same as plain values. */
  details: EvidenceRow['details'];
}

/** The last one that passed; null where there is none. */
export async function copyOnRecord(
  context: JourneyContext,
  { session }: Database,
  loaded: LoadedPlan,
): Promise<CopyOnRecord | null> {
  if ((await schemaState(session)).kind === 'absent') return null;
  const history = await historyHash(context, loaded);
  const rows = await loadEvidence(session, loaded.plan.id);
  const last = rows.findLast(
    ({ gate, verdict, contentHash, details }) =>
      gate === 'rehearsal' &&
      verdict === 'held' &&
      contentHash === loaded.approvedHash &&
      details.history === history &&
      typeof details['data.text'] === 'string',
  );
  if (!last) return null;
  const details = Object.entries(last.details).filter(([name]) => name.startsWith('data.'));
  return { text: String(last.details['data.text']), details: Object.fromEntries(details) };
}
