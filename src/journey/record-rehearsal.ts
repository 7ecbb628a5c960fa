import { recordEvidence } from '../database/evidence-store';
import { schemaState } from '../database/switchback-schema';
import { readPlanProgress } from '../implement/plan-progress';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { t } from '../messages/translate';
import { copiedDetails, copiedText } from '../rehearse/copy/copied-text';
import type { CopiedData } from '../rehearse/copy/data-copy';
import type { Rehearsal } from '../rehearse/rehearsal';
import { copyOnRecord, type CopyOnRecord } from './copy-on-record';
import type { Database } from './database';
import { mirrorProgress } from './plan-run';
import type { JourneyContext } from './workspace';

export interface RehearsedPlan {
  rehearsal: Rehearsal;
  passed: boolean;
  /** What stands for the migrations before the plan. */
  history: string;
}

/** Keeps a rehearsal of a plan as evidence for the gate, where the schema `switchback` is there, and in plan.md. */
export async function recordRehearsal(
  context: JourneyContext,
  database: Database,
  loaded: LoadedPlan,
  { rehearsal, passed, history }: RehearsedPlan,
): Promise<void> {
  if ((await schemaState(database.session)).kind === 'absent') return;
  const { shadow, data } = rehearsal;
  const { engine, version } = shadow;
  // A later one without rows takes nothing from it.
  const before = passed && !data ? await copyOnRecord(context, database, loaded) : null;
  const steps = rehearsal.migrations.length;
  const tried =
    steps === 1
      ? t('1 step rehearsed on {0} {1}', engine, version)
      : t('{0} steps rehearsed on {1} {2}', steps, engine, version);
  await recordEvidence(database.session, loaded.plan.id, {
    stepId: null,
    gate: 'rehearsal',
    verdict: passed ? 'held' : 'failed',
    at: context.clock.now().toISOString(),
    by: context.user,
    contentHash: loaded.approvedHash,
    details: {
      reason: reasonOf(tried, data, before),
      server: version,
      history,
      ...(data ? copiedDetails(data) : before?.details),
    },
  });
  await mirrorProgress(
    context,
    database,
    loaded.folder,
    await readPlanProgress(database.session, loaded.plan),
  );
}

function reasonOf(tried: string, data: CopiedData | undefined, before: CopyOnRecord | null): string {
  if (data) return t('{0}, {1}', tried, copiedText(data));
  return before ? t('{0}; before, {1}', tried, before.text) : tried;
}
