import { contentHash } from '../layouts/content-hash';
import { splitFrontMatter } from './front-matter';
import { withLineFeeds } from './line-ends';
import { isLive, mergeRegions, parseRegions } from './regions';
import { tickItems, tickedItems, withoutTicks } from './ticks';

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
  const { path } = file;
  if (current === null) return { action: 'create', path, text: file.text };
  // What a person has ticked stays ticked, whatever else is written.
  const text = tickItems(file.text, tickedItems(current));
  const onDisk = generatedHash(current);
  const generated = generatedHash(text);
  if (onDisk === generated) return { action: 'unchanged', path, edited: false };
  if (onDisk === previous) return { action: 'replace', path, text };
  if (generated === previous) return { action: 'unchanged', path, edited: true };
  const merged = mergeRegions(current, text).text;
  return { action: 'conflict', path, text, merged, diff: await unifiedDiff(path, current, text) };
}

/**
 * SHA-256 of a generated text, hex. Outside it is what the machine goes on writing: line ends, the front matter,
 * ticks of named lines and live regions.
 */
export function generatedHash(text: string): string {
  const body = splitFrontMatter(text)?.body ?? withLineFeeds(text);
  return contentHash(withoutTicks(withoutLiveRegions(body)));
}

/** A live region that a person has edited counts: their words are not the machine's to replace. */
function withoutLiveRegions(text: string): string {
  return parseRegions(text)
    .filter((region) => isLive(region) && !region.edited)
    .reverse()
    .reduce((rest, region) => rest.slice(0, region.start) + rest.slice(region.end), text);
}

/** A unified diff of two texts, for showing to a person. */
export async function unifiedDiff(path: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(path, path, withLineFeeds(before), withLineFeeds(after), 'yours', 'generated', {
    context: 3,
  });
}
