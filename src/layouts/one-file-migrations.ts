import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import type { LayoutEvidence, LayoutId, Migration } from './layout';
import { addTwins } from './migration-problems';

/** What a file name tells of a migration whose two directions are in one file. */
export interface NamedFile {
  fileName: string;
  version: string;
  name: string;
}

/** Migrations of one file each, in the order of `files`; a second file of a version is a problem of the first. */
export function oneFileMigrations(
  layout: LayoutId,
  folder: string,
  files: readonly NamedFile[],
  sameVersion: (extra: string, first: string) => string,
): Migration[] {
  const byVersion = new Map<string, Migration>();
  for (const { fileName, version, name } of files) {
    const first = byVersion.get(version);
    const file = path.join(folder, fileName);
    if (!first) byVersion.set(version, { version, name, folder, layout, upPath: file, downPath: file });
    else {
      addTwins(first, [{ path: file, sentence: sameVersion(fileName, path.basename(first.upPath)) }]);
    }
  }
  return [...byVersion.values()];
}

/** Whether files have a tool's marker, by the first two and the last; null where none has. */
export async function markerEvidence(
  migrations: readonly Migration[],
  marker: string,
  isMarked: (text: string) => boolean,
  files: Files,
): Promise<LayoutEvidence | null> {
  const [first, second = first] = migrations;
  if (!first) return null;
  const looked = [...new Set([first, second!, migrations.at(-1)!])];
  const texts = await Promise.all(looked.map(({ upPath }) => files.readIfExists(upPath).catch(() => null)));
  const marked = texts.filter((text) => text !== null && isMarked(text)).length;
  if (marked === 0) return null;
  return {
    confidence: marked === looked.length ? 0.95 : 0.6,
    evidence: [
      filesNamedLike(migrations.length, path.basename(first.upPath)),
      t('"{0}" in {1} of the {2} looked at', marker, marked, looked.length),
    ],
  };
}
