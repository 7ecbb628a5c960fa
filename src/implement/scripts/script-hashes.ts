import path from 'node:path';
import * as v from 'valibot';
import { scriptsFolder } from '../../documents/plan-folder';
import type { Files } from '../../ports/files';
import { insideFolder } from '../scaffold/plan-file-schema';

/** What was generated last below `scripts/`, by name in the plan's folder: kept beside the scripts, not in plan.md. */
const hashFile = '.generated.json';

/** True for a name in the plan's folder that lies below `scripts/`. */
export function isScript(name: string): boolean {
  return name.startsWith(`${scriptsFolder}/`);
}

/** The hashes recorded of the scripts; none where nothing, or nothing readable, is recorded: edits are asked about then. */
export async function readScriptHashes(folder: string, files: Files): Promise<Record<string, string>> {
  const text = await files.readIfExists(path.join(folder, scriptsFolder, hashFile));
  try {
    const hashes: unknown = text === null ? {} : JSON.parse(text);
    const known = Object.entries(v.parse(v.record(v.string(), v.string()), hashes));
    return Object.fromEntries(known.filter(([name]) => isScript(name) && v.is(insideFolder, name)));
  } catch {
    return {};
  }
}

/** Records them; identical hashes write nothing. */
export async function writeScriptHashes(
  folder: string,
  hashes: Record<string, string>,
  files: Files,
): Promise<void> {
  const file = path.join(folder, scriptsFolder, hashFile);
  const text = `${JSON.stringify(hashes, null, 2)}\n`;
  if ((await files.readIfExists(file)) !== text) await files.write(file, text);
}
