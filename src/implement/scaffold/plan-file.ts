import path from 'node:path';
import * as v from 'valibot';
import { readFrontMatter, writeFrontMatter, type FrontMatter } from '../../documents/front-matter';
import { withLineFeeds } from '../../documents/line-ends';
import { inPlanFolder, planFiles } from '../../documents/plan-folder';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { contentHash } from '../../layouts/content-hash';
import { approvedHash, type NamedSql } from '../../plan/approved-hash';
import type { Plan, PlanState } from '../../plan/plan';
import type { Files } from '../../ports/files';
import {
  planFrontMatter,
  type Approval,
  type EnvironmentRecord,
  type Release,
  type StoredPlan,
  type StoredPrerequisite,
  type StoredScope,
} from './plan-file-schema';
import { editedMigrations } from './edited-migrations';
import { withListedReleases, writeReleasedList } from './released-list';
import { loadPhases, sqlFilesOf, storePhases } from './step-files';

export type { Approval, EnvironmentRecord, Release, StoredPrerequisite, StoredScope };

/** A plan as its folder has it. */
export interface LoadedPlan {
  /** Absolute path of the plan's folder. */
  folder: string;
  plan: Plan;
  state: PlanState;
  /** What approvals and rehearsals are given for: of the plan, its SQL files and its migrations as they are on disk now. */
  approvedHash: string;
  /** Files under `steps/` that no longer are as they were scaffolded. */
  editedFiles: string[];
  /** What people said of the scope. */
  scope: StoredScope;
  /** The prerequisites as they were recorded last; empty for a plan of before they were kept. */
  prerequisites: StoredPrerequisite[];
  approvals: Approval[];
  /** The migration files written so far. */
  releases: Release[];
  /** By environment name: what is known of each database. */
  environments: Record<string, EnvironmentRecord>;
  /** By name in the folder: the hash of what was generated last. */
  generated: Record<string, string>;
}

/** The machine's part of plan.md that changes after scaffolding. */
export type PlanFileUpdate = Partial<
  Pick<
    LoadedPlan,
    'state' | 'scope' | 'prerequisites' | 'approvals' | 'releases' | 'environments' | 'generated'
  >
>;

/** Reads a plan of the workspace folder `root`. Throws `not-found`, or `invalid-file` with the line of the mistake. */
export async function readPlanFolder(folder: string, files: Files, root: string): Promise<LoadedPlan> {
  const file = inPlanFolder(folder, planFiles.plan);
  const text = await files.readIfExists(file);
  if (text === null) {
    throw new SwitchbackError(
      'not-found',
      t('There is no plan in {0}: it has no plan.md. Scaffold it again, or name another folder.', folder),
    );
  }
  const stored = validate(await readFrontMatter(text, file), file);
  const sql: NamedSql[] = [];
  const editedFiles: string[] = [];
  const phases = await loadPhases(stored.phases, async (reference) => {
    const content = await readSqlFile(folder, reference.file, files);
    if (contentHash(content) !== reference.sha256) editedFiles.push(reference.file);
    sql.push({ path: reference.file, text: content });
    return content;
  });
  const plan = planOf(stored, phases);
  const { generated } = stored;
  const releases = await withListedReleases(folder, plan, stored.releases, files);
  sql.push(...(await editedMigrations({ folder, root, plan, releases, generated }, files)));
  return {
    folder,
    plan,
    state: stored.state,
    approvedHash: approvedHash(plan, sql),
    editedFiles,
    scope: stored.scope,
    prerequisites: stored.prerequisites,
    approvals: stored.approvals,
    releases,
    environments: stored.environments,
    generated,
  };
}

/** The plan of a plan.md alone, with empty SQL, and its state. Throws `invalid-file` with the line of the mistake. */
export async function readPlanText(text: string, file: string): Promise<Pick<LoadedPlan, 'plan' | 'state'>> {
  const stored = validate(await readFrontMatter(text, file), file);
  return { plan: planOf(stored, await loadPhases(stored.phases, async () => '')), state: stored.state };
}

/** plan.md with this plan in its front matter; `body` is a document, or plan.md as it was. */
export async function writePlanText(
  body: string,
  loaded: Omit<LoadedPlan, 'folder' | 'editedFiles' | 'approvedHash'>,
): Promise<string> {
  const { plan, state, scope, prerequisites, approvals, releases, environments, generated } = loaded;
  const { phases, ...rest } = plan;
  const data: StoredPlan = {
    switchback: 1,
    ...rest,
    state,
    phases: storePhases(phases),
    approvedHash: approvedHash(plan, sqlFilesOf(plan)),
    scope,
    prerequisites,
    approvals,
    releases,
    environments,
    generated,
  };
  return writeFrontMatter(body, inOrder(data));
}

/** Records what changed in plan.md; everything else in it stays as it is, comments included. */
export async function updatePlanFile(folder: string, files: Files, update: PlanFileUpdate): Promise<void> {
  const file = inPlanFolder(folder, planFiles.plan);
  const text = await files.read(file);
  const changed = await writeFrontMatter(text, { ...update });
  if (changed !== text) await files.write(file, changed);
  if (update.releases) await writeReleasedList(folder, update.releases, files);
}

function planOf(stored: StoredPlan, phases: Plan['phases']): Plan {
  const { id, title, createdAt, change, recipe, layout, serverMajor, options, strategy, pointOfNoReturn } =
    stored;
  return {
    id,
    title,
    createdAt,
    change,
    recipe,
    layout,
    serverMajor,
    options,
    strategy,
    phases,
    pointOfNoReturn,
  };
}

function validate(frontMatter: FrontMatter, file: string): StoredPlan {
  const result = v.safeParse(planFrontMatter, frontMatter.data);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const place = (issue.path ?? []).map((item) => item.key as string | number);
  const line = frontMatter.lineOf(place);
  throw new SwitchbackError(
    'invalid-file',
    t(
      '{0}, line {1}: {2} is wrong: {3}. Correct it, or restore the file from version control.',
      file,
      line,
      place.join('.') || t('the front matter'),
      issue.message,
    ),
    { details: { file, line } },
  );
}

async function readSqlFile(folder: string, name: string, files: Files): Promise<string> {
  const content = await files.readIfExists(inPlanFolder(folder, name));
  if (content !== null) return withLineFeeds(content);
  throw new SwitchbackError(
    'invalid-file',
    t(
      '{0} names the file {1}, which is missing. Restore it from version control, or scaffold the plan again.',
      path.join(folder, planFiles.plan),
      name,
    ),
    { details: { file: inPlanFolder(folder, name), line: null } },
  );
}

/** People read the top: what it is and where it stands come first, the long lists last. */
function inOrder(data: StoredPlan): Record<string, unknown> {
  const { switchback, id, title, state, createdAt, change, recipe, layout, serverMajor, ...rest } = data;
  return { switchback, id, title, state, createdAt, change, recipe, layout, serverMajor, ...rest };
}
