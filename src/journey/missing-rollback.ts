import { irreversibleReason } from '../layouts/markers';
import type { Migration } from '../layouts/layout';
import type { Files } from '../ports/files';
import { splitStatements } from '../sql/split';
import { layoutOf, type MigrationFolder } from './migrations';

/** Whether a migration in SQL has no way back, or one without a statement, and does not say that this is meant so. */
export async function lacksRollback(
  folder: MigrationFolder,
  migration: Migration,
  files: Files,
): Promise<boolean> {
  if (migration.isCode || migration.kind) return false;
  const layout = layoutOf(folder);
  const down = await layout.script(migration, 'down', files);
  if (down !== null) return doesNothing(down.sql) && irreversibleReason(down) === null;
  const up = await layout.script(migration, 'up', files);
  return up !== null && irreversibleReason(up) === null;
}

/** Whether a script has no statement but those that begin and end a transaction, as generators leave it. */
export function doesNothing(sql: string): boolean {
  return splitStatements(sql).every(({ start, end }) =>
    /^(?:begin|start\s+transaction|commit|end)\b(?:\s+(?:work|transaction))?\s*$/i.test(
      sql.slice(start, end),
    ),
  );
}
