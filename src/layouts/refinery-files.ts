import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Migration } from './layout';
import { addProblems, addTwins } from './migration-problems';
import { sipHash13 } from './siphash';
import { compareVersions } from './versions';

/** Where the way back of a migration lies: named like no migration of the tool, which looks into folders too. */
export const downFolder = 'down';
/** refinery_core/src/util.rs; Rust's `\w` is any script's. */
const filePattern = /^([UV])(\d+)__([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D]+)\.sql$/u;
/** What its search for files lets through; a version with a dot, or one too high, is then an error. */
const looseName = /^[UV]\d+(?:\.\d+)?__[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200C\u200D]+\.sql$/u;
/** Its `int8-versions` feature, which no default build has, goes beyond. */
const highestVersion = 2n ** 31n - 1n;
/** What Rust puts behind a text that it hashes. */
const endOfText = Buffer.of(0xff);

export interface RefineryName {
  prefix: string;
  version: string;
  name: string;
}

/** What the tool reads in a file's name; null for one it does not take for a migration. */
export function refineryName(fileName: string): RefineryName | null {
  const match = filePattern.exec(fileName);
  if (!match || BigInt(match[2]!) > highestVersion) return null;
  return { prefix: match[1]!, version: String(BigInt(match[2]!)), name: match[3]! };
}

/** The way back of a file is `<file>.down` of ours in the folder `down`: the tool reads folders, and names in full. */
export function downPathOf(upPath: string): string {
  const stem = path.basename(upPath).replace(/\.sql$/, '');
  return path.join(path.dirname(upPath), downFolder, `${stem}.down.sql`);
}

/** Whether a file in that folder is the way back of a migration. */
export function wayBackName(fileName: string): boolean {
  return fileName.endsWith('.down.sql') && refineryName(fileName.replace(/\.down\.sql$/, '.sql')) !== null;
}

/**
 * The checksum refinery records, a decimal number of 64 bits: SipHash-1-3 over name, version and text, each as Rust
 * hashes it (a text ends with the byte 255, the version is four bytes).
 */
export function refineryChecksum({ name, version }: RefineryName, sql: string): string {
  const number = Buffer.alloc(4);
  number.writeInt32LE(Number(version));
  const bytes = [Buffer.from(name, 'utf8'), endOfText, number, Buffer.from(sql, 'utf8'), endOfText];
  return String(sipHash13(Buffer.concat(bytes)));
}

/** The migrations of a folder in the order of their versions, `U` and `V` as one. */
export async function refineryMigrations(folder: string, files: Files): Promise<Migration[]> {
  const entries = await files.list(folder);
  const hasDowns = entries.some((entry) => entry.kind === 'folder' && entry.name === downFolder);
  const downs = hasDowns ? await files.list(path.join(folder, downFolder)) : [];
  const downPaths = new Set(downs.map((entry) => path.join(folder, downFolder, entry.name)));
  const byVersion = new Map<string, Migration>();
  for (const entry of entries) {
    const parsed = entry.kind === 'file' ? refineryName(entry.name) : null;
    if (!parsed) continue;
    const twin = byVersion.get(parsed.version);
    if (twin) {
      const sentence = t(
        '{0} has the same version as {1}, and refinery can record only one of them. Rename one of them.',
        entry.name,
        path.basename(twin.upPath),
      );
      addTwins(twin, [{ path: path.join(folder, entry.name), sentence }]);
      continue;
    }
    const upPath = path.join(folder, entry.name);
    const downPath = downPathOf(upPath);
    byVersion.set(parsed.version, {
      version: parsed.version,
      name: parsed.name,
      folder,
      layout: 'refinery',
      upPath,
      downPath: downPaths.has(downPath) ? downPath : null,
    });
  }
  const migrations = [...byVersion.values()].sort((a, b) => compareVersions(a.version, b.version));
  const [first] = migrations;
  if (first) {
    const refused = entries.filter(
      (entry) => looseName.test(entry.name) && refineryName(entry.name) === null,
    );
    const sentences = refused.map((entry) =>
      t('{0} has a version that refinery cannot read, so it refuses all. Rename or move it.', entry.name),
    );
    addProblems(first, sentences);
  }
  return migrations;
}
