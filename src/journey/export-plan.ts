import path from 'node:path';
import { splitFrontMatter } from '../documents/front-matter';
import { exportMark, exportedPage, type ExportedPart } from '../documents/html/exported-page';
import { markdownHtml } from '../documents/html/markdown-html';
import { planSummaryHtml, type PlanSummaryView } from '../documents/html/plan-summary';
import { withLineFeeds } from '../documents/line-ends';
import { phaseTitle } from '../documents/phase-title';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import { planStateWord } from '../documents/plan-state-word';
import { readPlanFolder, type EnvironmentRecord, type LoadedPlan } from '../implement/scaffold/plan-file';
import { gateTitle } from '../implement/scaffold/views/step-view';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stepsOf, type Gate } from '../plan/plan';
import { loadPlan } from './plans';
import type { PlanStanding } from './outcomes';
import { askBeforeOverwriting } from './overwrite';
import { withText } from './with-text';
import type { JourneyContext } from './workspace';

export interface ExportRequest {
  planFolder: string;
  /** Absolute; `plan.html` in the folder of the plan where it is null. */
  file: string | null;
  /** Every document of the folder, not only plan.md. */
  all: boolean;
  /** BCP 47. */
  language: string;
}

export interface ExportOutcome {
  /** Absolute. */
  file: string;
  /** Relative to the plan's folder, with `/`. */
  documents: string[];
}

/** The name an export has in the folder of its plan unless another is said. */
export const exportName = 'plan.html';

/** Writes a plan as one HTML file that loads nothing. Asks before a file that is no export is replaced. */
export async function exportPlan(context: JourneyContext, request: ExportRequest): Promise<ExportOutcome> {
  const { planFolder, all, language } = request;
  const loaded = await loadPlan(context, planFolder);
  const documents = all ? await documentsOf(context, planFolder) : [planFiles.plan];
  const parts: ExportedPart[] = [];
  for (const name of documents) {
    const text = await context.files.read(inPlanFolder(planFolder, name));
    const linkTo = (target: string): string | null => {
      const other = path.posix.join(path.posix.dirname(name), target.split('#')[0]!);
      return documents.includes(other) ? `#${partId(other)}` : null;
    };
    const html = await markdownHtml(bodyOf(text), { linkTo });
    parts.push({ id: partId(name), title: name, html });
  }
  const summary = planSummaryHtml(summaryOf(loaded, null));
  const page = exportedPage({ title: loaded.plan.title, language, summary, parts });
  const file = request.file ?? inPlanFolder(planFolder, exportName);
  await mayWrite(context, file, page);
  await context.files.write(file, page);
  return { file, documents };
}

/** plan.md as it stands in an editor as HTML: where the plan stands instead of the front matter, then the document. */
export async function planPreview(
  context: JourneyContext,
  planFolder: string,
  text: string,
  standing: PlanStanding | null,
): Promise<{ title: string; html: string }> {
  const file = inPlanFolder(planFolder, planFiles.plan);
  const body = await markdownHtml(bodyOf(text), { linkTo: (target) => target });
  try {
    const loaded = await readPlanFolder(
      planFolder,
      withText(context.files, file, text),
      context.workspace.root,
    );
    return { title: loaded.plan.title, html: planSummaryHtml(summaryOf(loaded, standing)) + body };
  } catch (error) {
    if (!isSwitchbackError(error)) throw error;
    // Half a line is not yet what it will be: the document is shown all the same.
    const problem = { state: '', rows: [], gates: [], problem: error.sentence };
    const isPlan = /^switchback[ \t]*:/m.test(splitFrontMatter(text)?.yaml ?? '');
    const title = path.basename(planFolder);
    return { title, html: isPlan ? planSummaryHtml(problem) + body : body };
  }
}

/** Where a plan stands: on the connected database, and on those plan.md has a record of. */
function summaryOf(loaded: LoadedPlan, standing: PlanStanding | null): PlanSummaryView {
  const next = standing?.next ?? null;
  const rows = Object.entries(loaded.environments).map(([name, record]) => ({
    what: name,
    says: recordText(loaded, record),
  }));
  if (next) rows.unshift({ what: t('Next step'), says: t('{0}: {1}', next.id, next.title) });
  const last = loaded.plan.pointOfNoReturn;
  if (last) rows.push({ what: t('No way back'), says: t('from step {0} on', last.step) });
  return {
    state: planStateWord(loaded.state),
    rows,
    gates: (standing?.gates ?? []).map(gateView),
    problem: null,
  };
}

function recordText({ plan }: LoadedPlan, { phase, steps }: EnvironmentRecord): string {
  const all = stepsOf(plan);
  const done = steps.filter(({ state }) => state === 'done' || state === 'skipped').map(({ id }) => id);
  const next = all.find(({ id }) => !done.includes(id));
  const counted =
    all.length === 1
      ? t('{0} of 1 step done', done.length)
      : t('{0} of {1} steps done', done.length, all.length);
  const where = phase === null ? counted : t('{0}, {1}', phaseTitle(phase), counted);
  return next && done.length > 0 ? t('{0}; next is {1}', where, next.title) : where;
}

function gateView({ kind, state, reason }: Gate): PlanSummaryView['gates'][number] {
  return { title: gateTitle(kind), state: gateStateWord(state), reason };
}

function gateStateWord(state: Gate['state']): string {
  switch (state) {
    case 'unknown':
      return t('not known');
    case 'held':
      return t('holds');
    case 'failed':
      return t('does not hold');
    case 'waived':
      return t('waived');
  }
}

/** In the order in which they are read; the rest by name. */
const readingOrder: readonly string[] = [
  planFiles.plan,
  planFiles.rollback,
  planFiles.checklist,
  planFiles.report,
  planFiles.retrospective,
];

async function documentsOf({ files }: JourneyContext, planFolder: string): Promise<string[]> {
  const found = await markdownBelow(files, planFolder, '');
  const first = readingOrder.filter((name) => found.includes(name));
  return [...first, ...found.filter((name) => !first.includes(name))];
}

/** Also what git is told to ignore: it belongs to the plan. */
async function markdownBelow(
  files: JourneyContext['files'],
  folder: string,
  below: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of await files.list(inPlanFolder(folder, below))) {
    const inside = path.posix.join(below, name);
    if (kind === 'folder') found.push(...(await markdownBelow(files, folder, inside)));
    else if (name.endsWith('.md')) found.push(inside);
  }
  return found;
}

function bodyOf(text: string): string {
  return splitFrontMatter(text)?.body ?? withLineFeeds(text);
}

function partId(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
}

async function mayWrite(context: JourneyContext, file: string, text: string): Promise<void> {
  const current = await context.files.readIfExists(file);
  if (current === null || current.includes(exportMark)) return;
  await askBeforeOverwriting(context, [{ path: file, text }], {
    title: t('{0} is there already, and is no export.', path.basename(file)),
    kept: t('{0} stays as it is. Name another file.', path.basename(file)),
  });
}
