import type { Catalog } from '../../catalog/catalog';
import { formatIdentifier, formatQualifiedName, maximumIdentifierBytes } from '../../sql/identifier';
import type { SingleChange } from '../change';
import type { SchemaChange } from './changes-between';

type Drop = Extract<SingleChange, { kind: 'drop-index' | 'drop-constraint' }>;

/**
 * An index or constraint that is another one under its name: the old one makes room for the name and goes when the new one is
 * there, so that nothing is without it meanwhile. A primary key has a recipe of its own, and a foreign key cannot be twice.
 */
export function remadeParts(changes: readonly SchemaChange[], from: Catalog): SchemaChange[] {
  const merged = new Set<SchemaChange>();
  const behind = new Map<SchemaChange, SchemaChange>();
  return changes.flatMap((item): SchemaChange[] => {
    if (merged.has(item)) return [];
    const { change } = item;
    const old = behind.get(item);
    if (old) return [{ ...item, together: old.together! }, old];
    const again = isDrop(change) ? remadeBy(change, item, changes) : undefined;
    if (!isDrop(change) || !again) return [item];
    const together = `${formatQualifiedName(change.table)} ${nameOf(change)}`;
    // Only its index has other settings, and no recipe sets those.
    if (again.statements.join() === presentDefinition(from, change)) {
      merged.add(again);
      return [];
    }
    if (again.change.kind === 'add-primary-key' && isKey(from, change)) {
      merged.add(again);
      const { table, columns, name } = again.change;
      const statements = [...item.statements, ...again.statements];
      return [
        { change: { kind: 'change-primary-key', table, columns, name, keepUnique: false }, statements },
      ];
    }
    if (again.statements.some((sql) => sql.includes('FOREIGN KEY'))) return [item];
    const name = shortened(nameOf(change));
    behind.set(again, { ...dropped(change, name), together });
    return [{ ...renamedAway(change, name), together }];
  });
}

/** The change that makes again, under its name, what another one drops; undefined where none does. */
export function remadeBy(
  change: SingleChange,
  item: SchemaChange,
  changes: readonly SchemaChange[],
): SchemaChange | undefined {
  if (!isDrop(change)) return undefined;
  return changes.find((each) => each !== item && each.statements.some((sql) => makes(sql, change)));
}

function isDrop(change: SingleChange): change is Drop {
  return change.kind === 'drop-index' || change.kind === 'drop-constraint';
}

function nameOf(change: Drop): string {
  return change.kind === 'drop-index' ? change.index : change.constraint;
}

function makes(sql: string, change: Drop): boolean {
  const [table, name] = [formatQualifiedName(change.table), formatIdentifier(nameOf(change))];
  if (change.kind === 'drop-constraint')
    return sql.startsWith(`ALTER TABLE ${table} ADD CONSTRAINT ${name} `);
  return [`CREATE INDEX ${name} ON `, `CREATE UNIQUE INDEX ${name} ON `].some((begin) => {
    const rest = sql.startsWith(begin) ? sql.slice(begin.length).replace(/^ONLY /, '') : '';
    return rest.startsWith(`${table} `);
  });
}

function definitionOf({ objects }: Catalog, change: Drop): string {
  if (change.kind !== 'drop-constraint') return '';
  const parts = objects[`table ${formatQualifiedName(change.table)}`]?.parts;
  return parts?.[`constraint ${formatIdentifier(change.constraint)}`]?.['definition'] ?? '';
}

function isKey(from: Catalog, change: Drop): boolean {
  return definitionOf(from, change).startsWith('PRIMARY KEY');
}

/** The statement that would make the constraint as it is. */
function presentDefinition(from: Catalog, change: Drop): string {
  const [table, name] = [formatQualifiedName(change.table), formatIdentifier(nameOf(change))];
  return `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definitionOf(from, change)}`;
}

/** The name with an end that says which one it is, within what PostgreSQL keeps of a name. */
function shortened(name: string): string {
  const characters = [...name];
  while (Buffer.byteLength(`${characters.join('')}_before`) > maximumIdentifierBytes) characters.pop();
  return `${characters.join('')}_before`;
}

function renamedAway(change: Drop, to: string): SchemaChange {
  const { table } = change;
  if (change.kind === 'drop-index') {
    const index = formatQualifiedName({ schema: table.schema, name: change.index });
    return {
      change: { kind: 'rename-index', table, index: change.index, to },
      statements: [`ALTER INDEX ${index} RENAME TO ${formatIdentifier(to)}`],
    };
  }
  const constraint = formatIdentifier(change.constraint);
  return {
    change: { kind: 'rename-constraint', table, constraint: change.constraint, to },
    statements: [
      `ALTER TABLE ${formatQualifiedName(table)} RENAME CONSTRAINT ${constraint} TO ${formatIdentifier(to)}`,
    ],
  };
}

function dropped(change: Drop, name: string): SchemaChange {
  const { table } = change;
  if (change.kind === 'drop-index')
    return {
      change: { kind: 'drop-index', table, index: name },
      statements: [`DROP INDEX ${formatQualifiedName({ schema: table.schema, name })}`],
    };
  return {
    change: { kind: 'drop-constraint', table, constraint: name },
    statements: [`ALTER TABLE ${formatQualifiedName(table)} DROP CONSTRAINT ${formatIdentifier(name)}`],
  };
}
