import type { Migration } from './layout';

/**
 * What the tool runs on an empty database before the migration at a place of its folder (its length: all of them): the last
 * baseline before it stands for the versions up to its own, and nothing comes before a baseline.
 */
export function runOnEmpty(migrations: readonly Migration[], place: number): Migration[] {
  if (migrations[place]?.kind === 'baseline') return [];
  const before = migrations.slice(0, place);
  const from = before.findLastIndex(({ kind }) => kind === 'baseline');
  return from < 0 ? before : before.slice(from);
}
