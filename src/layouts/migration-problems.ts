import type { Migration, MigrationTwin } from './layout';

/** Tells of a migration what is wrong with its files. */
export function addProblems(migration: Migration, sentences: readonly string[]): void {
  if (sentences.length > 0) migration.problems = [...(migration.problems ?? []), ...sentences];
}

/** Tells of the first file of a version that there are more; each is a problem too. */
export function addTwins(first: Migration, twins: readonly MigrationTwin[]): void {
  if (twins.length > 0) first.twins = [...(first.twins ?? []), ...twins];
  addProblems(
    first,
    twins.map(({ sentence }) => sentence),
  );
}
