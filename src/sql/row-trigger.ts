import { formatQualifiedName, quoteIdentifier, type QualifiedName } from './identifier';

/** CREATE TRIGGER ... BEFORE INSERT OR UPDATE ... FOR EACH ROW on each table. */
export function createRowTrigger(
  tables: readonly QualifiedName[],
  trigger: string,
  functionName: string,
): string[] {
  return tables.map(
    (table) =>
      `CREATE TRIGGER ${quoteIdentifier(trigger)}\n  BEFORE INSERT OR UPDATE ON ${formatQualifiedName(table)}\n` +
      `  FOR EACH ROW EXECUTE FUNCTION ${functionName}()`,
  );
}

/** The statement that drops a trigger from one table. */
export function dropTrigger(table: QualifiedName, trigger: string): string {
  return `DROP TRIGGER ${quoteIdentifier(trigger)} ON ${formatQualifiedName(table)}`;
}
