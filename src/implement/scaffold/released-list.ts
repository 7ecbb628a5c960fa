import path from 'node:path';
import * as v from 'valibot';
import { stepsOf, type Plan } from '../../plan/plan';
import type { Files } from '../../ports/files';
import { insideFolder, type Release } from './plan-file-schema';

/** The releases once more, for scripts: they cannot read front matter, and write here what they release themselves. */
const listFile = 'released.tsv';

/** What plan.md tells of, then what only the list of the scripts has. Throws nothing for a line that cannot be read. */
export async function withListedReleases(
  folder: string,
  plan: Pick<Plan, 'phases'>,
  releases: readonly Release[],
  files: Files,
): Promise<Release[]> {
  const text = await files.readIfExists(path.join(folder, listFile));
  const listed = (text ?? '').split(/\r?\n/).flatMap((line) => parseLine(line, plan));
  const known = new Set(releases.map((release) => release.step));
  return [...releases, ...listed.filter((release) => !known.has(release.step))];
}

/** Writes the list anew; nothing where it is as it should be. */
export async function writeReleasedList(
  folder: string,
  releases: readonly Release[],
  files: Files,
): Promise<void> {
  const file = path.join(folder, listFile);
  const text = releases.map((release) => `${lineOf(release)}\n`).join('');
  const before = await files.readIfExists(file);
  if (before === text || (before === null && text === '')) return;
  await files.write(file, text);
}

function lineOf({ step, version, up, down }: Release): string {
  return [step, version, up.path, up.sha256, down?.path ?? '', down?.sha256 ?? ''].join('\t');
}

function parseLine(line: string, plan: Pick<Plan, 'phases'>): Release[] {
  const [id, version, upPath, upHash, downPath, downHash] = line.split('\t');
  const step = stepsOf(plan).find((candidate) => candidate.id === id);
  if (!step || !version || !upPath || !upHash) return [];
  if (![upPath, downPath || upPath].every((file) => v.is(insideFolder, file))) return [];
  return [
    {
      step: step.id,
      version,
      name: step.title,
      up: { path: upPath, sha256: upHash },
      down: downPath && downHash ? { path: downPath, sha256: downHash } : null,
    },
  ];
}
