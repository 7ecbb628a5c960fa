import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import { silentProgress } from '../../src/ports/progress';
import { rehearse, type RehearseRequest } from '../../src/rehearse/rehearse';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { memoryFiles } from '../support/memory-files';

export const root = path.resolve(__dirname, '../..');

export async function openTestShadow(kind: 'local' | 'embedded' = 'local'): Promise<Shadow> {
  return openShadow(kind, {
    assets: { distFolder: path.join(root, 'dist') },
    binaries: { packageFolders: [root], searchPath: '' },
    major: 18,
  });
}

/** The up of a migration, and its down where it has one. */
export type Pair = readonly [up: string, down?: string];

/** Rehearses migrations as golang-migrate's pairs, numbered from 1. */
export async function rehearsePairs(
  shadow: Shadow,
  pairs: readonly Pair[],
  options: Partial<RehearseRequest> = {},
): Promise<MigrationRehearsal[]> {
  const entries = pairs.flatMap(([up, down], index) => [
    [`/m/${index + 1}_m.up.sql`, up],
    ...(down === undefined ? [] : [[`/m/${index + 1}_m.down.sql`, down]]),
  ]);
  const files = memoryFiles(Object.fromEntries(entries) as Record<string, string>);
  const rehearsal = await rehearse({
    shadow,
    layout: golangMigrate,
    migrations: await golangMigrate.list('/m', files),
    from: null,
    to: null,
    files,
    progress: silentProgress(),
    signal: new AbortController().signal,
    ...options,
  });
  return rehearsal.migrations;
}
