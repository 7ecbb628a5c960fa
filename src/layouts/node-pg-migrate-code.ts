import path from 'node:path';
import type { Files } from '../ports/files';
import { codeScript } from './code/embedded-sql';
import { nodeCommand, requireNearest } from './code/node-command';
import { readScript } from './code/read-script';
import type { Direction, Migration, MigrationScript } from './layout';
import type { ToolCommand } from './layout-tool';
import { nodePgOptions } from './node-pg-migrate-table';
import { jsonObject } from './tool-settings';

/** What only programs of this tool say: the builder that they are given. */
export const codeSign = /\bpgm\b|\bMigrationBuilder\b|['"]node-pg-migrate['"]/;

const places = { calls: ['sql', 'query', 'select'] };
const outsideTransaction = /\.noTransaction\s*\(/;
/** https://salsita.github.io/node-pg-migrate/migrations/: `exports.down = false` forbids the way back. */
const noWayBack = /\bdown\s*(?::\s*false\s*)?[:=]\s*false\b/;

/**
 * The SQL of one direction of a program. A program that says nothing of its way back, and sends no SQL of its own, is
 * taken back by the tool, which turns its calls around: then that direction is empty.
 */
export async function nodePgCode(
  file: string,
  text: string,
  direction: Direction,
): Promise<MigrationScript | null> {
  const directions = await readScript(text, file, places);
  const isTurned = !/\bdown\b/.test(text) && directions.up?.length === 0;
  const embedded = directions[direction] ?? (direction === 'down' && isTurned ? [] : null);
  if (!embedded) return null;
  const transaction = outsideTransaction.test(text) ? 'none' : 'wrapped';
  const irreversible = directions.down === null && noWayBack.test(text);
  return codeScript({
    ...{ path: file, source: text, direction, embedded, transaction },
    ...(irreversible ? { irreversible } : {}),
  });
}

/**
 * `node-pg-migrate up NAME` and `down NAME`, which run that one alone, with the options of the project's own scripts.
 * Throws `not-found` where there is no package.json.
 */
export async function nodePgCommand(
  { folder, version }: Pick<Migration, 'folder' | 'version'>,
  direction: Direction,
  files: Files,
): Promise<ToolCommand> {
  const manifest = await requireNearest(folder, ['package.json'], 'node-pg-migrate', files);
  const root = path.dirname(manifest);
  // The tool takes a name that is a number for a count; the next one is the one that may run.
  const which = Number.isNaN(Number(version)) ? version : '1';
  const options = nodePgOptions(jsonObject(await files.read(manifest)));
  const migrations = path.relative(root, folder) || '.';
  return nodeCommand(root, 'node-pg-migrate', direction, which, '-m', migrations, ...options);
}
