import path from 'node:path';
import { heldFile, inPlanFolder } from '../../documents/plan-folder';
import { generatedHash } from '../../documents/write-generated';
import type { Migration } from '../../layouts/layout';
import type { ComposedFile, SealedFiles } from '../../layouts/new-migration';
import { layoutById } from '../../layouts/layouts';
import { sealComposed } from '../../layouts/seal-composed';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { phaseOf, stepsOf, type PhaseName, type Plan, type Step } from '../../plan/plan';
import type { Files } from '../../ports/files';
import { codeFiller } from './code-filler';
import { migrationFileName } from './migration-file-name';
import {
  isFileStep,
  migrationText,
  type FileStep,
  type MigrationText,
  type TemplateFolders,
} from './migration-text';
import { editedHeld } from './edited-migrations';
import { updatePlanFile, type LoadedPlan, type Release } from './plan-file';

export interface ReleaseRequest {
  loaded: LoadedPlan;
  phase: PhaseName;
  /** Ids of the steps that are done on the database. */
  done: ReadonlySet<string>;
  /** Absolute path of the workspace folder. */
  root: string;
  files: Files;
  templates: TemplateFolders;
  now: Date;
}

export interface PhaseRelease {
  /** Absolute paths of the migration files written. */
  written: string[];
  released: Release[];
  /** Steps of the phase whose files stay held until the step named by `until` is done. */
  held: { step: string; until: string }[];
}

/** Which files of a phase may be written now, and which wait for a step that is not done. */
export function releasableSteps(
  plan: Pick<Plan, 'phases'>,
  phase: PhaseName,
  done: ReadonlySet<string>,
): { release: FileStep[]; held: PhaseRelease['held'] } {
  const result: ReturnType<typeof releasableSteps> = { release: [], held: [] };
  let until: string | null = null;
  for (const step of stepsOfPhase(plan, phase)) {
    if (done.has(step.id)) continue;
    if (!isFileStep(step)) until ??= step.id;
    else if (until === null) result.release.push(step);
    else result.held.push({ step: step.id, until });
  }
  return result;
}

/**
 * Writes the migration files of a phase into the team's folder, each with the next free version, and records
 * them in plan.md. A file behind a backfill, check, release or wait stays held until that step is done, because
 * the team's tool would run it with the next deployment. Gates are the caller's. Throws `gate-not-held` when a
 * step of an earlier phase is not done.
 */
export async function releasePhase(request: ReleaseRequest): Promise<PhaseRelease> {
  const { loaded, phase, files } = request;
  const already = new Set(loaded.releases.map((release) => release.step));
  const { release: steps, held } = releasableSteps(loaded.plan, phase, request.done);
  const result: PhaseRelease = {
    written: [],
    released: [],
    held: held.filter((item) => !already.has(item.step)),
  };
  // On the next database the files are there already, whatever is done on it.
  if (stepsOfPhase(loaded.plan, phase).every((step) => !isFileStep(step) || already.has(step.id)))
    return result;
  assertEarlierPhasesDone(request);
  for (const step of steps.filter((candidate) => !already.has(candidate.id))) {
    const { release, written } = await releaseStep(request, step);
    result.released.push(release);
    result.written.push(...written);
    // Recorded one by one: a crash between two files must not release the first again.
    await updatePlanFile(loaded.folder, files, { releases: [...loaded.releases, ...result.released] });
    await removeHeld(loaded.folder, step, files);
  }
  return result;
}

function stepsOfPhase(plan: Pick<Plan, 'phases'>, phase: PhaseName): Step[] {
  return plan.phases.find((candidate) => candidate.name === phase)?.steps ?? [];
}

function assertEarlierPhasesDone({ loaded, phase, done }: ReleaseRequest): void {
  for (const step of stepsOf(loaded.plan)) {
    if (phaseOf(loaded.plan, step.id)?.name === phase) return;
    if (done.has(step.id)) continue;
    throw new SwitchbackError(
      'gate-not-held',
      t(
        'The {0} phase cannot be released: step {1}, "{2}", is not done on this database. Finish it first.',
        phase,
        step.id,
        step.title,
      ),
      { details: { step: step.id } },
    );
  }
}

async function releaseStep(
  request: ReleaseRequest,
  step: FileStep,
): Promise<{ release: Release; written: string[] }> {
  const { loaded, root, files, now } = request;
  const { plan } = loaded;
  const layout = layoutById(plan.layout.id);
  const folder = path.join(root, ...plan.layout.folder.split('/'));
  const { text, edited } = await textToRelease(request, step);
  const existing = await layout.list(folder, files);
  const fresh = layout.compose(
    {
      folder,
      name: migrationFileName(step, plan.id),
      up: text.up,
      down: text.down,
      transactional: step.kind === 'migration',
      now,
      fill: await codeFiller(layout, folder, files, request.templates),
    },
    existing,
  );
  const { files: composed, beside } =
    (await writtenBefore(request, folder, fresh, existing, text.up)) ??
    (await sealComposed(layout, fresh, files));
  for (const file of [...composed, ...beside]) await files.write(file.path, file.text);
  return { release: releaseOf(step, composed, edited, root), written: composed.map((file) => file.path) };
}

/**
 * Where a release that was cut off before plan.md told of it wrote its files: the composed ones under that version.
 * They are known by their up text, which names plan and step. Null where there are none.
 */
async function writtenBefore(
  { loaded, root, files }: ReleaseRequest,
  folder: string,
  composed: readonly ComposedFile[],
  existing: readonly Migration[],
  sql: string,
): Promise<SealedFiles | null> {
  const layout = layoutById(loaded.plan.layout.id);
  const known = new Set(loaded.releases.map(({ up }) => path.join(root, ...up.path.split('/'))));
  const up = composed.find((file) => file.direction === 'up')!;
  const around = (file: ComposedFile): [string, string] => {
    const start = file.path.indexOf(file.version, folder.length);
    return [file.path.slice(0, start), file.path.slice(start + file.version.length)];
  };
  const [head, tail] = around(up);
  // A program says it in a comment of its own language.
  const firstLine = sql
    .trim()
    .split('\n')[0]!
    .replace(/^--\s*/, '');
  for (const { upPath } of existing) {
    if (known.has(upPath) || !upPath.startsWith(head) || !upPath.endsWith(tail)) continue;
    // Sealing may read a whole folder, and a name alone tells little where it holds no number.
    const written = await files.readIfExists(upPath).catch(() => null);
    if (!written?.includes(firstLine)) continue;
    const version = upPath.slice(head.length, upPath.length - tail.length);
    const there = composed.map((file) => ({ ...file, version, path: around(file).join(version) }));
    const sealed = await sealComposed(layout, there, files);
    const text = sealed.files.find((file) => file.direction === 'up')!.text;
    if (written === text) return sealed;
  }
  return null;
}

interface TextToRelease {
  text: MigrationText;
  /** Which of them a person wrote. */
  edited: Record<'up' | 'down', boolean>;
}

/** The held file where a person edited it, else the SQL under steps/ in the layout's frame. */
async function textToRelease(request: ReleaseRequest, step: FileStep): Promise<TextToRelease> {
  const { loaded, files, templates } = request;
  const fresh = await migrationText(loaded.plan, step, files, templates);
  const up = await editedHeld(heldFile(step.id, 'up'), loaded, files);
  const down = await editedHeld(heldFile(step.id, 'down'), loaded, files);
  return {
    text: { up: up ?? fresh.up, down: down ?? fresh.down },
    edited: { up: up !== null, down: down !== null },
  };
}

async function removeHeld(folder: string, step: FileStep, files: Files): Promise<void> {
  for (const direction of ['up', 'down'] as const) {
    const file = inPlanFolder(folder, heldFile(step.id, direction));
    if (await files.exists(file)) await files.remove(file);
  }
}

function releaseOf(
  step: FileStep,
  composed: readonly ComposedFile[],
  edited: TextToRelease['edited'],
  root: string,
): Release {
  const up = composed.find((file) => file.direction === 'up')!;
  const down = composed.find((file) => file.direction === 'down');
  const reference = (file: ComposedFile): Release['up'] => ({
    path: path.relative(root, file.path).split(path.sep).join('/'),
    sha256: generatedHash(file.text),
    ...(edited[file.direction] ? { edited: true as const } : {}),
  });
  return {
    step: step.id,
    version: up.version,
    name: step.title,
    up: reference(up),
    down: down ? reference(down) : null,
  };
}
