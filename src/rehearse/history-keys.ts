import { createHash } from 'node:crypto';
import type { RehearsedScript } from './run-script';

/** Raise it when what is noted with a kept state, or how a script is run, changes. */
const version = 2;

/** The state after each prefix of a history, by all that decides about it; shorter where a program runs in between. */
export function historyKeys(prepare: readonly string[], history: readonly RehearsedScript[]): string[] {
  const keys = [digest([version, prepare])];
  for (const { sql, transaction, searchPath, byTool, fill } of history) {
    // What a program does can change without its text, settings of the server are not in the database, and rows of somebody's
    // are never kept.
    if (byTool || fill || /\balter\s+system\b/i.test(sql)) break;
    keys.push(digest([keys.at(-1), sql, transaction, searchPath ?? null]));
  }
  return keys;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
