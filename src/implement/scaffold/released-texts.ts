import path from 'node:path';
import { generatedHash, type GeneratedFile } from '../../documents/write-generated';
import type { ComposedFile } from '../../layouts/layout';
import { layoutById } from '../../layouts/layouts';
import { stepsOf, type Plan } from '../../plan/plan';
import type { Files } from '../../ports/files';
import {
  isFileStep,
  migrationText,
  type FileStep,
  type MigrationText,
  type TemplateFolders,
} from './migration-text';
import type { LoadedPlan } from './plan-file';

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
    for (const direction of ['up', 'down'] as const) {
      const file = release[direction];
      if (!file) continue;
      const absolute = path.join(request.root, ...file.path.split('/'));
      const framed = framedBy(request, step, text).find((item) => item.direction === direction)!.text;
      texts.push({ step: step.id, direction, file: { path: absolute, text: framed }, previous: file.sha256 });
    }
  }
  return texts;
}

/** The texts with the layout's own markers. */
function framedBy({ plan, now }: ReleasedTextsRequest, step: FileStep, text: MigrationText): ComposedFile[] {
  const transactional = step.kind === 'migration';
  return layoutById(plan.layout.id).compose({ folder: '', name: step.id, ...text, transactional, now }, []);
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
    up: { ...up, sha256: hashOf('up') ?? up.sha256 },
    down: down && { ...down, sha256: hashOf('down') ?? down.sha256 },
  };
}
