import { recordEvidence } from '../database/evidence-store';
import { schemaState } from '../database/switchback-schema';
import { inPlanFolder } from '../documents/plan-folder';
import { progressOfRun, readPlanProgress } from '../implement/plan-progress';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { errorText, isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Rehearsal } from '../rehearse/rehearsal';
import { loadParser } from '../sql/parser';
import { renderTemplate } from '../templates/engine';
import type { Report } from '../verify/report';
import { reportDocument } from '../verify/report-document';
import { verifyPlan as verify } from '../verify/verify';
import { copyOnRecord } from './copy-on-record';
import type { Database } from './database';
import { mirrorProgress } from './plan-run';
import { loadPlan } from './plans';
import { rehearsePlan } from './rehearse';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/**
 * Compares the data, checks constraints and steps, rehearses the way back; the verdict goes to `report.md`, the
 * schema `switchback` and the plan's front matter. Only reads the user's tables.
 */
export async function verifyPlan(
  context: JourneyContext,
  database: Database,
  planFolder: string,
): Promise<Report> {
  const loaded = await loadPlan(context, planFolder);
  const recorded = (await schemaState(database.session)).kind !== 'absent';
  const progress = recorded
    ? await readPlanProgress(database.session, loaded.plan)
    : progressOfRun(loaded.plan, null);
  const report = await verify({
    plan: loaded.plan,
    progress,
    session: database.session,
    database: { label: database.sessions.label, environment: database.connection.environment },
    rehearsal: await tryRehearsal(context, database, planFolder),
    parser: await loadParser(),
    clock: context.clock,
    progressReport: context.progress,
    signal: context.signal,
  });
  const copy = await copyOnRecord(context, database, loaded);
  if (copy) report.rehearsedBefore = copy.text;
  await writeReport(context, loaded, report);
  if (recorded) {
    await recordEvidence(database.session, loaded.plan.id, {
      stepId: null,
      gate: 'verification',
      verdict: report.verdict,
      at: report.takenAt,
      by: context.user,
      contentHash: loaded.approvedHash,
      details: {
        passed: report.checks.filter((check) => check.verdict === 'passed').length,
        failed: report.checks.filter((check) => check.verdict === 'failed').length,
      },
    });
    await mirrorProgress(context, database, planFolder, progress);
  }
  return report;
}

/** A rehearsal that cannot take place leaves its check as not run; the other checks still count. */
async function tryRehearsal(
  context: JourneyContext,
  database: Database,
  planFolder: string,
): Promise<Rehearsal | null> {
  try {
    return await rehearsePlan(context, database, planFolder);
  } catch (error) {
    if (isSwitchbackError(error, 'cancelled') || context.signal.aborted) throw error;
    const why = isSwitchbackError(error) ? error.sentence : errorText(error);
    context.progress.report({ message: t('The rollback could not be rehearsed: {0}', why) });
    return null;
  }
}

async function writeReport(context: JourneyContext, loaded: LoadedPlan, report: Report): Promise<void> {
  const { shipped, override } = templateFolders(context);
  const text = await renderTemplate({
    name: 'report.md.hbs',
    context: reportDocument(loaded.plan, report, context.workspace.configuration.thresholds),
    shippedFolder: shipped,
    overrideFolder: override,
    files: context.files,
  });
  await context.files.write(inPlanFolder(loaded.folder, 'report.md'), text);
}
