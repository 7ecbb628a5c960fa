import path from 'node:path';
import { withLineFeeds } from '../../documents/line-ends';
import { heldFile, inPlanFolder } from '../../documents/plan-folder';
import { contentHash } from '../../layouts/content-hash';
import type { NamedSql } from '../../plan/approved-hash';
import { stepsOf, type Plan } from '../../plan/plan';
import type { Files } from '../../ports/files';
import { isFileStep } from './migration-text';
import type { Release } from './plan-file-schema';

/** Where a plan lies, and what it wrote there. */
export interface WrittenMigrations {
  folder: string;
  /** Absolute path of the workspace folder. */
  root: string;
  plan: Pick<Plan, 'phases'>;
  releases: readonly Release[];
  generated: Readonly<Record<string, string>>;
}

/**
 * The migrations of a plan, held or released, whose text is no longer what was written from it: what is approved and
 * rehearsed is what runs. A file that is not there is left out.
 */
export async function editedMigrations(written: WrittenMigrations, files: Files): Promise<NamedSql[]> {
  const { root, releases } = written;
  const edited: NamedSql[] = [];
  for (const { id } of stepsOf(written.plan).filter(isFileStep)) {
    const release = releases.find(({ step }) => step === id);
    for (const direction of ['up', 'down'] as const) {
      const text = release
        ? await editedRelease(release[direction], root, files)
        : await editedHeld(heldFile(id, direction), written, files);
      if (text !== null) edited.push({ path: `${id}.${direction}`, text });
    }
  }
  return edited;
}

async function editedRelease(reference: Release['down'], root: string, files: Files): Promise<string | null> {
  if (reference === null) return null;
  const text = await readText(path.join(root, ...reference.path.split('/')), files);
  const isWritten = text === null || contentHash(text) === reference.sha256;
  return isWritten && reference.edited !== true ? null : text;
}

/** A held file whose text is released instead of what the plan would write. */
export async function editedHeld(
  name: string,
  { folder, generated }: Pick<WrittenMigrations, 'folder' | 'generated'>,
  files: Files,
): Promise<string | null> {
  const text = await readText(inPlanFolder(folder, name), files);
  return text === null || contentHash(text) === generated[name] ? null : text;
}

async function readText(file: string, files: Files): Promise<string | null> {
  const text = await files.readIfExists(file);
  return text === null ? null : withLineFeeds(text);
}
