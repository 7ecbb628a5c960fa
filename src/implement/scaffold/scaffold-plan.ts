import path from 'node:path';
import type { Assessment } from '../../assess/assessment';
import type { PlanAnswers } from '../../assess/plan-answers';
import type { Prerequisite } from '../../assess/prerequisites';
import { splitFrontMatter } from '../../documents/front-matter';
import { inPlanFolder, planFiles, scriptsFolder } from '../../documents/plan-folder';
import {
  generatedHash,
  planWrites,
  type EditConflict,
  type GeneratedFile,
  type PlannedWrite,
} from '../../documents/write-generated';
import { approvedHash } from '../../plan/approved-hash';
import type { PhaseName, Plan, PlanState } from '../../plan/plan';
import type { Files } from '../../ports/files';
import type { HistoryTable } from '../../layouts/layout';
import { layoutById } from '../../layouts/layouts';
import { loadParser } from '../../sql/parser';
import { renderTemplate } from '../../templates/engine';
import { planScriptSet } from '../scripts/plan-script-set';
import { isProgram, scriptFiles } from '../scripts/script-files';
import { isScript, readScriptHashes, writeScriptHashes } from '../scripts/script-hashes';
import { documentContexts, type DocumentSettings } from './document-contexts';
import { heldMigrations } from './held-migrations';
import type { TemplateFolders } from './migration-text';
import { readPlanFolder, writePlanText, type LoadedPlan } from './plan-file';
import { releasableSteps, releasePhase, type PhaseRelease } from './release-phase';
import { rehashed, releasedTexts, type ReleasedText } from './released-texts';
import { normalizedPlan, sqlFilesOf } from './step-files';
import { storedPrerequisites, storedScope } from './stored-answers';

export interface ScaffoldRequest {
  plan: Plan;
  assessment: Assessment;
  /** What a person has to look at, in sentences. */
  notes: readonly string[];
  /** What people said of its scope and its prerequisites. */
  answers: PlanAnswers;
  prerequisites: readonly Prerequisite[];
  /** The tool's history table where it is another than its usual one. */
  historyTable?: HistoryTable | null;
  /** The workspace's own roles and thresholds; the defaults where left out. */
  settings?: DocumentSettings;
  /** Absolute path of the plan's folder. */
  folder: string;
  /** Absolute path of the workspace folder. */
  root: string;
  files: Files;
  templates: TemplateFolders;
  now: Date;
  /** Asked once for each file a person has edited and that would be written differently now. */
  resolve(conflict: EditConflict): Promise<'keep' | 'merge' | 'replace'>;
}

export interface ScaffoldResult {
  folder: string;
  /** Absolute paths. */
  written: string[];
  unchanged: string[];
  /** Edited by a person and left as they are. */
  kept: string[];
  /** The migration files of the next phase. */
  release: PhaseRelease;
}

/** The texts of a plan's documents, step files and held migrations, by absolute path. Nothing is written. */
export async function generatePlanFiles(
  request: Omit<ScaffoldRequest, 'resolve' | 'now'>,
  releasedSteps: ReadonlySet<string>,
): Promise<GeneratedFile[]> {
  const { plan, assessment, notes, folder, root, files, templates } = request;
  const before = await loadedOrNull(request, folder);
  const plansFolder = path.relative(root, path.dirname(folder)).split(path.sep).join('/');
  const contexts = documentContexts({
    plan,
    assessment,
    approvals: before?.approvals ?? [],
    plansFolder,
    notes,
    scope: request.answers.scope,
    prerequisites: request.prerequisites,
    settings: request.settings,
    record: {
      approvedHash: approvedHash(plan, sqlFilesOf(plan)),
      evidence: Object.values(before?.environments ?? {}).flatMap(({ evidence }) => evidence),
      // What is done is ticked as it is done; a database's steps are not told apart here.
      steps: [],
    },
  });
  const generated: GeneratedFile[] = [];
  for (const name of [planFiles.plan, planFiles.rollback, planFiles.checklist, planFiles.verify]) {
    const text = await renderTemplate({
      name: `${name}.hbs`,
      context: contexts[name],
      shippedFolder: templates.shipped,
      overrideFolder: templates.override,
      files,
    });
    generated.push({ path: inPlanFolder(folder, name), text });
  }
  for (const { path: name, text } of sqlFilesOf(plan))
    generated.push({ path: inPlanFolder(folder, name), text });
  const held = await heldMigrations(request, releasedSteps);
  for (const { path: name, text } of held) generated.push({ path: inPlanFolder(folder, name), text });
  // Where bash and psql cannot keep the tool's history, there are no scripts that would.
  if (layoutById(plan.layout.id).historyQuery) {
    const hash = approvedHash(plan, sqlFilesOf(plan));
    const set = planScriptSet({ plan, hash, plansFolder, held, parser: await loadParser() });
    const ofTable = { ...set, historyTable: request.historyTable };
    generated.push(...(await scriptFiles(ofTable, path.join(folder, scriptsFolder), files, templates)));
  }
  return generated;
}

/**
 * Writes a plan's folder, then the migration files of its first phase into the team's folder. Identical output
 * writes nothing; a file a person has edited is written only as `resolve` says.
 */
export async function scaffoldPlan(request: ScaffoldRequest): Promise<ScaffoldResult> {
  const { folder, files } = request;
  const plan = await normalizedPlan(request.plan);
  const before = await loadedOrNull(request, folder);
  const releases = before?.releases ?? [];
  const generated = await generatePlanFiles({ ...request, plan }, notHeld(plan, before));
  const released = await releasedTexts({ ...request, plan }, releases);
  const result: ScaffoldResult = {
    folder,
    written: [],
    unchanged: [],
    kept: [],
    release: { written: [], released: [], held: [] },
  };
  const writes = await planWrites(
    [...generated, ...released.map(({ file }) => file)],
    await readExisting([...generated, ...released.map(({ file }) => file)], files),
    await previousHashes(folder, before, released, files),
  );
  const chosen = await chooseTexts(writes, request, result);
  const planPath = inPlanFolder(folder, planFiles.plan);
  for (const [file, text] of chosen) if (file !== planPath) await writeFile(file, text, files);
  await writePlanDocument(request, plan, before, generated, released, chosen.get(planPath) ?? null, result);
  const loaded = await readPlanFolder(folder, files, request.root);
  if (isAtStart(loaded.state)) result.release = await releaseFirst(request, loaded);
  result.written.push(...result.release.written);
  return result;
}

async function previousHashes(
  folder: string,
  before: LoadedPlan | null,
  released: readonly ReleasedText[],
  files: Files,
): Promise<Map<string, string>> {
  const all = { ...before?.generated, ...(await readScriptHashes(folder, files)) };
  const recorded = Object.entries(all).map(([name, hash]): [string, string] => [
    inPlanFolder(folder, name),
    hash,
  ]);
  return new Map([
    ...recorded,
    ...released.map(({ file, previous }): [string, string] => [file.path, previous]),
  ]);
}

async function readExisting(
  generated: readonly GeneratedFile[],
  files: Files,
): Promise<Map<string, string | null>> {
  const existing = new Map<string, string | null>();
  for (const file of generated) existing.set(file.path, await files.readIfExists(file.path));
  return existing;
}

/** What to write, by path; files that stay as they are, are left out. */
async function chooseTexts(
  writes: readonly PlannedWrite[],
  request: ScaffoldRequest,
  result: ScaffoldResult,
): Promise<Map<string, string>> {
  const chosen = new Map<string, string>();
  for (const write of writes) {
    switch (write.action) {
      case 'create':
      case 'replace':
        chosen.set(write.path, write.text);
        result.written.push(write.path);
        break;
      case 'unchanged':
        (write.edited ? result.kept : result.unchanged).push(write.path);
        break;
      case 'conflict': {
        const answer = await request.resolve(write);
        if (answer === 'keep') result.kept.push(write.path);
        else {
          chosen.set(write.path, answer === 'merge' ? write.merged : write.text);
          result.written.push(write.path);
        }
      }
    }
  }
  return chosen;
}

/** plan.md last: it names every other file, so what it names is there. */
async function writePlanDocument(
  request: ScaffoldRequest,
  plan: Plan,
  before: LoadedPlan | null,
  generated: readonly GeneratedFile[],
  released: readonly ReleasedText[],
  body: string | null,
  result: ScaffoldResult,
): Promise<void> {
  const { folder, files } = request;
  const file = inPlanFolder(folder, planFiles.plan);
  const onDisk = await files.readIfExists(file);
  const frontMatter = onDisk === null ? null : splitFrontMatter(onDisk);
  const document = body === null ? onDisk! : withFrontMatterOf(frontMatter?.yaml ?? null, body);
  const hashes = generated.map(({ path: name, text }): [string, string] => [
    path.relative(folder, name).split(path.sep).join('/'),
    generatedHash(text),
  ]);
  const text = await writePlanText(document, {
    plan,
    state: before?.state ?? 'ready',
    scope: storedScope(request.answers),
    prerequisites: storedPrerequisites(request.prerequisites, request.answers),
    approvals: before?.approvals ?? [],
    releases: (before?.releases ?? []).map((release) => rehashed(release, released)),
    environments: before?.environments ?? {},
    generated: Object.fromEntries(hashes.filter(([name]) => !isScript(name))),
  });
  await writeScriptHashes(folder, Object.fromEntries(hashes.filter(([name]) => isScript(name))), files);
  if (text === onDisk) return;
  await files.write(file, text);
  if (!result.written.includes(file)) {
    result.unchanged = result.unchanged.filter((other) => other !== file);
    result.written.push(file);
  }
}

function withFrontMatterOf(yaml: string | null, text: string): string {
  const body = splitFrontMatter(text)?.body ?? text;
  return yaml === null ? body : `---\n${yaml}---\n${body}`;
}

async function writeFile(file: string, text: string, files: Files): Promise<void> {
  const executable = isProgram(file);
  if ((await files.readIfExists(file)) !== text) await files.write(file, text, { executable });
}

function isAtStart(state: PlanState): boolean {
  return state === 'ready' || state === 'draft';
}

/** Steps whose migration files are in the team's folder, or go there with this scaffold. */
function notHeld(plan: Plan, before: LoadedPlan | null): Set<string> {
  const released = (before?.releases ?? []).map((release) => release.step);
  const first =
    before === null || isAtStart(before.state)
      ? releasableSteps(plan, firstPhase(plan), new Set()).release
      : [];
  return new Set([...released, ...first.map((step) => step.id)]);
}

function firstPhase(plan: Plan): PhaseName {
  return plan.phases.find((phase) => phase.steps.length > 0)?.name ?? 'expand';
}

function releaseFirst(request: ScaffoldRequest, loaded: LoadedPlan): Promise<PhaseRelease> {
  const { root, files, templates, now } = request;
  return releasePhase({
    loaded,
    phase: firstPhase(loaded.plan),
    done: new Set(),
    root,
    files,
    templates,
    now,
  });
}

/** The plan in a folder; null where there is none. A plan that cannot be read is not overwritten: throws `invalid-file`. */
async function loadedOrNull(
  { files, root }: Pick<ScaffoldRequest, 'files' | 'root'>,
  folder: string,
): Promise<LoadedPlan | null> {
  return (await files.exists(inPlanFolder(folder, planFiles.plan)))
    ? readPlanFolder(folder, files, root)
    : null;
}
