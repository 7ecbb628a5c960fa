import { createHash } from 'node:crypto';

/** The file of a migrations folder with the checksums of all its files. */
export const atlasSumFile = 'atlas.sum';

export interface NamedText {
  name: string;
  text: string;
}

/**
 * The text of atlas.sum for the SQL files of a folder, of any order: one running SHA-256 over names and texts, shown
 * after each file, and one over the list. As NewHashFile in sql/migrate/dir.go of https://github.com/ariga/atlas.
 * It counts bytes: CRLF counts, and so does a byte order mark, which is lost in reading here.
 */
export function atlasSum(files: readonly NamedText[]): string {
  const running = createHash('sha256');
  const entries: { name: string; hash: string }[] = [];
  for (const { name, text } of [...files].sort((a, b) => compareNames(a.name, b.name))) {
    running.update(name);
    if (isIgnored(text)) continue;
    running.update(text);
    entries.push({ name, hash: running.copy().digest('base64') });
  }
  const all = createHash('sha256');
  for (const { name, hash } of entries) all.update(name).update(hash);
  return `h1:${all.digest('base64')}\n${entries.map(({ name, hash }) => `${name} h1:${hash}\n`).join('')}`;
}

/** The checksum of each file that an atlas.sum lists; null for a text that is none. */
export function readAtlasSum(text: string): Map<string, string> | null {
  const [first, ...lines] = text.split(/\r?\n/);
  if (!/^h1:[A-Za-z0-9+/]{43}=$/.test(first!)) return null;
  const sums = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf('h1:');
    if (at > 0) sums.set(line.slice(0, at).trim(), line.slice(at + 3));
  }
  return sums;
}

/** The tool's order: by the bytes of the names. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Its first line has `atlas:sum ignore`, and nothing behind it. */
function isIgnored(text: string): boolean {
  return /^[ -~]*atlas:sum +ignore(?![ -~])/.test(text);
}
