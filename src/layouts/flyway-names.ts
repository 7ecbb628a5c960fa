import path from 'node:path';
import type { NewMigration } from './new-migration';
import { compareTexts, fileWords, nextVersion } from './versions';

/** V is a migration, U its way back, R a repeatable one, B a baseline. */
export type FlywayPrefix = 'V' | 'U' | 'R' | 'B';

export interface FlywayName {
  prefix: FlywayPrefix;
  /** As the history table has it, with dots; empty for a repeatable one. */
  version: string;
  /** As the file has it, with underscores or dots. */
  written: string;
  /** The words after the separator, with blanks. */
  description: string;
}

/**
 * Reads a name with Flyway's default prefixes, separator and suffix, which differ from those in another case; null where
 * Flyway would not take the file. The rules are those of its ResourceNameParser and MigrationVersion
 * (https://github.com/flyway/flyway/tree/main/flyway-core/src/main/java/org/flywaydb/core).
 */
export function parseFlywayName(fileName: string): FlywayName | null {
  const match = /^([VURB])(.*)\.sql$/s.exec(fileName);
  if (!match) return null;
  const prefix = match[1] as FlywayPrefix;
  const rest = match[2]!;
  const separator = rest.indexOf('__');
  const written = separator < 0 ? rest : rest.slice(0, separator);
  const description = separator < 0 ? '' : rest.slice(separator + 2).replaceAll('_', ' ');
  if (prefix === 'R') return written === '' ? { prefix, version: '', written, description } : null;
  if (!/^\d+(?:[._]\d+)*$/.test(written)) return null;
  return { prefix, version: written.replaceAll('_', '.'), written, description };
}

/**
 * What names a migration beside its kind: the version of its row; with `B` before it for a baseline, whose version another
 * file may have too; for a repeatable one its file's name, made of the description that its row is found by.
 */
export function migrationVersion({ prefix, version, description }: Omit<FlywayName, 'written'>): string {
  switch (prefix) {
    case 'V':
    case 'U':
      return version;
    case 'B':
      return `B${version}`;
    case 'R':
      return `R__${description.replaceAll(' ', '_')}`;
  }
}

/** The version of a migration's row; null for a repeatable one. */
export function rowVersion(version: string): string | null {
  return version.startsWith('R__') ? null : version.replace(/^B(?=\d)/, '');
}

/**
 * Part by part as numbers; missing parts are zero, so that `1` and `1.0` are one version, and a baseline comes behind the
 * version it stands for. Repeatable ones come last, by their descriptions. Never throws.
 */
export function compareFlywayVersions(a: string, b: string): number {
  const left = partsOf(rowVersion(a) ?? a);
  const right = partsOf(rowVersion(b) ?? b);
  if (!left || !right) return left ? -1 : right ? 1 : compareTexts(described(a), described(b));
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0n) - (right[index] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return Number(a.startsWith('B')) - Number(b.startsWith('B'));
}

function described(version: string): string {
  return version.replaceAll('_', ' ');
}

/** The same for all ways to write one version. */
export function flywayVersionKey(version: string): string {
  const parts = partsOf(version);
  return parts ? parts.join('.').replace(/(?:\.0)+$/, '') : version;
}

function partsOf(version: string): bigint[] | null {
  const parts = version.split(/[._]/);
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(BigInt) : null;
}

/** `<version>__<words>.sql` for the next version after the versions as files have them, in their own style. */
export function nextFlywayName(
  written: readonly string[],
  request: Pick<NewMigration, 'name' | 'now'>,
): { version: string; rest: string } {
  const next = nextWritten(written, request.now);
  return { version: next.replaceAll('_', '.'), rest: `${next}__${fileWords(request.name)}.sql` };
}

/** `2_7_4` becomes `2_7_5`; whole numbers and times go on as they do. */
function nextWritten(written: readonly string[], now: Date): string {
  const last = written.reduce<string | null>(
    (highest, each) => (highest === null || compareFlywayVersions(each, highest) >= 0 ? each : highest),
    null,
  );
  const parts = /^(.*[._])(\d+)$/s.exec(last ?? '');
  if (parts) return parts[1]! + nextVersion([parts[2]!], now, 1);
  return nextVersion(
    written.filter((each) => /^\d+$/.test(each)),
    now,
    1,
  );
}

/** The version of a migration as its file has it. */
export function writtenVersion(file: string): string {
  return parseFlywayName(path.basename(file))?.written ?? '';
}
