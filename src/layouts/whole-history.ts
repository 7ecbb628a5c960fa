import type { AppliedMigration, History, Migration } from './layout';

/**
 * A history with a row for each migration that its rows stand for: where they are the ends of a graph, all that those
 * follow. Any other history as it is.
 */
export function wholeHistory(history: History, migrations: readonly Migration[]): History {
  if (!history.heads) return history;
  const byVersion = new Map(migrations.map((migration) => [migration.version, migration]));
  const rows = new Map(history.applied.map((row) => [row.version, row]));
  const open = [...history.applied];
  for (let row = open.pop(); row; row = open.pop()) {
    const last: AppliedMigration = row;
    for (const { version } of byVersion.get(last.version)?.follows ?? []) {
      if (rows.has(version)) continue;
      const before = { ...last, version, name: byVersion.get(version)?.name ?? null };
      rows.set(version, before);
      open.push(before);
    }
  }
  return { ...history, applied: [...rows.values()] };
}
