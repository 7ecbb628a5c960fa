import type { SchemaChange } from './changes-between';

/**
 * The same changes with what takes something away at the end: code in use needs it longest, and what comes new waits for
 * nobody. Whether that order works is for a database to say.
 */
export function dropsLast(changes: readonly SchemaChange[]): SchemaChange[] {
  return [...changes.filter((item) => !isDrop(item)), ...changes.filter(isDrop)];
}

function isDrop({ change, statements }: SchemaChange): boolean {
  return (
    change.kind.startsWith('drop-') ||
    (change.kind === 'raw-sql' && statements.every((sql) => sql.startsWith('DROP ')))
  );
}
