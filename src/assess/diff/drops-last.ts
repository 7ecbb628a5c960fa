import type { SchemaChange } from './changes-between';
import { remadeBy } from './remade-parts';

/**
 * The same changes with what takes something away at the end: code in use needs it longest, and what comes new waits for
 * nobody. Whether that order works is for a database to say.
 */
export function dropsLast(changes: readonly SchemaChange[]): SchemaChange[] {
  // What is made again under its name has to be gone before.
  const isLate = (item: SchemaChange): boolean =>
    isDrop(item) && !remadeBy(item.change, item, changes) && missingViews(item, changes).length === 0;
  const late = changes.filter(isLate);
  return [
    ...changes.filter((item) => !isLate(item)),
    // An index or constraint goes with its column, and could not be dropped after that.
    ...late.filter(isPartDrop),
    ...late.filter((item) => !isPartDrop(item)),
  ];
}

function isDrop({ change, statements }: SchemaChange): boolean {
  return (
    change.kind.startsWith('drop-') ||
    change.kind === 'remove-enum-value' ||
    (change.kind === 'raw-sql' && statements.every((sql) => sql.startsWith('DROP ')))
  );
}

function isPartDrop({ change }: SchemaChange): boolean {
  return change.kind === 'drop-index' || change.kind === 'drop-constraint';
}

/** The same changes with views that read others behind those: where they need what those are to give. */
export function readersLast(changes: readonly SchemaChange[]): SchemaChange[] {
  const views = changes.filter(isRebuilding).reverse();
  return changes.map((item) => (isRebuilding(item) ? views.shift()! : item));
}

function isRebuilding({ change }: SchemaChange): boolean {
  return change.kind === 'rebuild-view';
}

/** Views that an item takes away and another one makes again. */
export function missingViews({ statements }: SchemaChange, changes: readonly SchemaChange[]): string[] {
  const gone = statements.flatMap((sql) => /^DROP (?:MATERIALIZED )?VIEW (.+)$/.exec(sql)?.[1] ?? []);
  const makes = (name: string, sql: string): boolean =>
    ['VIEW ', 'MATERIALIZED VIEW '].some((word) => sql.startsWith(`CREATE ${word}${name} `));
  const isMade = (name: string, by: readonly string[]): boolean => by.some((sql) => makes(name, sql));
  return gone.filter(
    (name) => !isMade(name, statements) && changes.some((item) => isMade(name, item.statements)),
  );
}
