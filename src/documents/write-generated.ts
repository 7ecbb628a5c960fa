import { contentHash } from '../layouts/content-hash';
import { splitFrontMatter } from './front-matter';
import { withLineFeeds } from './line-ends';
import { mergeRegions } from './regions';

export interface GeneratedFile {
  /** Absolute path. */
  path: string;
  text: string;
}

/** What to do with one generated file. Asking about a conflict is the caller's. */
export type PlannedWrite =
  | { action: 'create' | 'replace'; path: string; text: string }
  /** On disk already, or edited by a person and not generated differently since. */
  | { action: 'unchanged'; path: string; edited: boolean }
  | EditConflict;

export interface EditConflict {
  action: 'conflict';
  path: string;
  /** What was generated now. */
  text: string;
  /** The person's text with the generated regions brought up to date where it left them alone. */
  merged: string;
  /** From the person's text to the generated one, unified. */
  diff: string;
}

/**
 * What writing would do: identical output asks nothing, an unedited file is replaced, an edited one is a conflict.
 * `previousHashes` has, by path, the `generatedHash` of what was generated last; `existing` what is on disk.
 */
export async function planWrites(
  files: readonly GeneratedFile[],
  existing: ReadonlyMap<string, string | null>,
  previousHashes: ReadonlyMap<string, string>,
): Promise<PlannedWrite[]> {
  const writes: PlannedWrite[] = [];
  for (const file of files) {
    writes.push(
      await planWrite(file, existing.get(file.path) ?? null, previousHashes.get(file.path) ?? null),
    );
  }
  return writes;
}

async function planWrite(
  file: GeneratedFile,
  current: string | null,
  previous: string | null,
): Promise<PlannedWrite> {
  const { path, text } = file;
  if (current === null) return { action: 'create', path, text };
  const onDisk = generatedHash(current);
  const generated = generatedHash(text);
  if (onDisk === generated) return { action: 'unchanged', path, edited: false };
  if (onDisk === previous) return { action: 'replace', path, text };
  if (generated === previous) return { action: 'unchanged', path, edited: true };
  const merged = mergeRegions(current, text).text;
  return { action: 'conflict', path, text, merged, diff: await unifiedDiff(path, current, text) };
}

/**
 * SHA-256 of a generated text, hex. Line ends and the front matter are outside it: the machine writes those.
 */
export function generatedHash(text: string): string {
  return contentHash(splitFrontMatter(text)?.body ?? withLineFeeds(text));
}

/** A unified diff of two texts, for showing to a person. */
export async function unifiedDiff(path: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(path, path, withLineFeeds(before), withLineFeeds(after), 'yours', 'generated', {
    context: 3,
  });
}
