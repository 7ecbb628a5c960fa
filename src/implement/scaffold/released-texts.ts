import path from 'node:path';
import { generatedHash, type GeneratedFile } from '../../documents/write-generated';
import type { Migration } from '../../layouts/layout';
import type { ComposedFile } from '../../layouts/new-migration';
import { layoutById } from '../../layouts/layouts';
import { isProgramFile } from '../../layouts/migration-files';
import { sealComposed } from '../../layouts/seal-composed';
import { stepsOf, type Plan } from '../../plan/plan';
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
import type { LoadedPlan, Release } from './plan-file';

export interface ReleasedTextsRequest {
  plan: Plan;
  root: string;
  files: Files;
  templates: TemplateFolders;
  now: Date;
}

export interface ReleasedText {
  step: string;
  direction: 'up' | 'down';
  file: GeneratedFile;
  previous: string;
}

/** Migration files of an earlier scaffold of the same plan, as they would be now. */
export async function releasedTexts(
  request: ReleasedTextsRequest,
  releases: LoadedPlan['releases'],
): Promise<ReleasedText[]> {
  const texts: ReleasedText[] = [];
  for (const step of stepsOf(request.plan).filter(isFileStep)) {
    const release = releases.find((candidate) => candidate.step === step.id);
    if (!release) continue;
    const text = await migrationText(request.plan, step, request.files, request.templates);
    const framed = await framedBy(request, step, text, release);
    for (const direction of ['up', 'down'] as const) {
      const file = release[direction];
      if (!file) continue;
      const { path: absolute, text: sealed } = framed.find((item) => item.direction === direction)!;
      texts.push({ step: step.id, direction, file: { path: absolute, text: sealed }, previous: file.sha256 });
    }
  }
  return texts;
}

/** The texts with the layout's own markers, at the places where they were released. */
async function framedBy(
  { plan, root, files, templates, now }: ReleasedTextsRequest,
  step: FileStep,
  text: MigrationText,
  release: LoadedPlan['releases'][number],
): Promise<ComposedFile[]> {
  const transactional = step.kind === 'migration';
  const layout = layoutById(plan.layout.id);
  const name = migrationFileName(step, plan.id);
  const fill = await codeFiller(layout, path.join(root, plan.layout.folder), files, templates);
  const isCode = isProgramFile(release.up.path);
  const composed = layout.compose(
    { folder: root, name, ...text, transactional, now, fill },
    isCode ? [writtenAs(plan, release)] : [],
  );
  const released = composed.map((file): ComposedFile => {
    const place = release[file.direction]?.path;
    return {
      ...file,
      text: isCode ? file.text.replaceAll(numberOf(file.version), numberOf(release.version)) : file.text,
      version: release.version,
      path: place === undefined ? file.path : path.join(root, ...place.split('/')),
    };
  });
  return (await sealComposed(layout, released, files)).files;
}

/** The program a step was released into: a new one is written in the same language. */
function writtenAs(plan: Plan, { version, name, up }: LoadedPlan['releases'][number]): Migration {
  const { folder, id: layout } = plan.layout;
  return { version, name, folder, layout, upPath: up.path, downPath: up.path, isCode: true };
}

/** What of a version a program repeats in its text: the time in the name of a class. */
function numberOf(version: string): string {
  return /\d{10,}/.exec(version)?.[0] ?? version;
}

function written(file: Release['up'], hash: string | null): Release['up'] {
  return hash === null ? file : { path: file.path, sha256: hash };
}

/** A release with the hashes of what its files are now. */
export function rehashed(
  release: LoadedPlan['releases'][number],
  released: readonly ReleasedText[],
): LoadedPlan['releases'][number] {
  const hashOf = (direction: 'up' | 'down'): string | null => {
    const text = released.find((item) => item.step === release.step && item.direction === direction);
    return text ? generatedHash(text.file.text) : null;
  };
  const { up, down } = release;
  return {
    ...release,
    up: written(up, hashOf('up')),
    down: down && written(down, hashOf('down')),
  };
}
