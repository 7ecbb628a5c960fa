import path from 'node:path';
import { writeFrontMatter } from '../documents/front-matter';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import { renewCalendar } from '../documents/rollout/calendar';
import {
  phaseFile,
  rolloutKinds,
  wholePlanFiles,
  type RolloutKind,
  type RolloutPhaseName,
} from '../documents/rollout/document-names';
import { risksOf } from '../documents/rollout/plan-risks';
import { renewDocument, sealRegions } from '../documents/rollout/sealed-regions';
import { unifiedDiff } from '../documents/write-generated';
import type { LoadedPlan } from '../implement/scaffold/plan-file';
import { t } from '../messages/translate';
import { renderTemplate } from '../templates/engine';
import {
  announcementDocument,
  changelogDocument,
  phasesWithSteps,
  planCalendar,
  pullRequestDocument,
  ticketDocument,
  type PlanDocumentFacts,
} from './plan-document-contexts';
import { evidenceLines } from './plan-evidence';
import { lintPlan } from './plan-lint';
import { loadPlan } from './plans';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/** What writing the documents around a plan did; absolute paths. */
export interface PlanDocumentsOutcome {
  planFolder: string;
  written: string[];
  /** As they would be written. */
  unchanged: string[];
  /** Edited by a person, generated differently since, and left as they are. */
  kept: string[];
}

/** One document as it would be on the disk. */
interface NextText {
  file: string;
  current: string | null;
  text: string;
  /** A person edited what would be written differently now; `generated` is that. */
  conflict: { generated: string; accept: string } | null;
}

/**
 * Writes the documents around a plan into its folder. What a person edited in them stays: generated regions that
 * nobody touched are brought up to date, and where an edited one would be another now, that is asked about once.
 */
export async function writePlanDocuments(
  context: JourneyContext,
  planFolder: string,
  kinds: readonly RolloutKind[] = rolloutKinds,
): Promise<PlanDocumentsOutcome> {
  const loaded = await loadPlan(context, planFolder);
  const facts = await factsOf(context, loaded);
  const outcome: PlanDocumentsOutcome = { planFolder, written: [], unchanged: [], kept: [] };
  const texts: NextText[] = [];
  for (const kind of rolloutKinds) {
    if (kinds.includes(kind)) texts.push(...(await textsOf(context, loaded, facts, kind)));
  }
  // Everything is asked before anything is written.
  const chosen: NextText[] = [];
  for (const next of texts) {
    if (next.text === next.current) outcome.unchanged.push(next.file);
    else if (next.conflict === null || (await mayMerge(context, next, next.conflict))) chosen.push(next);
    else outcome.kept.push(next.file);
  }
  for (const { file, text } of chosen) {
    await context.files.write(file, text);
    outcome.written.push(file);
  }
  return outcome;
}

async function textsOf(
  context: JourneyContext,
  loaded: LoadedPlan,
  facts: PlanDocumentFacts,
  kind: RolloutKind,
): Promise<NextText[]> {
  const { folder } = loaded;
  switch (kind) {
    case 'tickets':
    case 'announcements':
      return Promise.all(
        phasesWithSteps(facts.plan).map((phase) => phaseText(context, loaded, facts, kind, phase)),
      );
    case 'calendar':
      return [await calendarOf(context, inPlanFolder(folder, wholePlanFiles.calendar), facts)];
    case 'pull-request': {
      const values = pullRequestDocument(facts, await lintPlan(context, loaded));
      return [await documentOf(context, inPlanFolder(folder, wholePlanFiles[kind]), kind, values)];
    }
    case 'changelog': {
      const values = changelogDocument(facts);
      return [await documentOf(context, inPlanFolder(folder, wholePlanFiles[kind]), kind, values)];
    }
  }
}

async function phaseText(
  context: JourneyContext,
  { folder, plan }: LoadedPlan,
  facts: PlanDocumentFacts,
  kind: 'tickets' | 'announcements',
  phase: RolloutPhaseName,
): Promise<NextText> {
  const file = inPlanFolder(folder, phaseFile(kind, phase));
  if (kind === 'announcements')
    return documentOf(context, file, 'announcement', announcementDocument(facts, phase));
  const next = await documentOf(context, file, 'ticket', ticketDocument(facts, phase));
  return next.current === null
    ? { ...next, text: await writeFrontMatter(next.text, { plan: plan.id, phase }) }
    : next;
}

async function documentOf(
  context: JourneyContext,
  file: string,
  template: 'ticket' | 'announcement' | 'pull-request' | 'changelog',
  values: object,
): Promise<NextText> {
  const { shipped, override } = templateFolders(context);
  const rendered = await renderTemplate({
    name: `rollout/${template}.md.hbs`,
    context: values,
    shippedFolder: shipped,
    overrideFolder: override,
    files: context.files,
  });
  const generated = sealRegions(rendered);
  const current = await context.files.readIfExists(file);
  if (current === null) return { file, current, text: generated, conflict: null };
  const { text, offered } = renewDocument(current, generated);
  const conflict = offered === null ? null : { generated: offered, accept: t('Merge') };
  return { file, current, text, conflict };
}

async function calendarOf(
  context: JourneyContext,
  file: string,
  facts: PlanDocumentFacts,
): Promise<NextText> {
  const current = await context.files.readIfExists(file);
  const now = context.clock.now().toISOString();
  const { text, edited } = renewCalendar(current, planCalendar(facts), now);
  const conflict = edited ? { generated: text, accept: t('Overwrite') } : null;
  return { file, current, text, conflict };
}

async function mayMerge(
  context: JourneyContext,
  { file, current }: NextText,
  { generated, accept }: NonNullable<NextText['conflict']>,
): Promise<boolean> {
  return context.prompt.confirm({
    id: 'overwrite',
    title: t('{0} was edited by hand.', path.relative(context.workspace.root, file)),
    detail: await unifiedDiff(file, current ?? '', generated),
    accept,
  });
}

async function factsOf(context: JourneyContext, loaded: LoadedPlan): Promise<PlanDocumentFacts> {
  const { plan, state, scope, releases, environments, folder } = loaded;
  const { root, configuration } = context.workspace;
  return {
    plan,
    state,
    folder: path.relative(root, folder).split(path.sep).join('/'),
    scope,
    releases,
    environments,
    evidence: evidenceLines(loaded, configuration.approvalRoles),
    risks: risksOf(await context.files.read(inPlanFolder(folder, planFiles.plan))),
  };
}
