import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  type QualifiedName,
} from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { dropTrigger } from '../../sql/row-trigger';
import { triggerExists } from './sql-text';

/** What writes every row of one table to another one, under the same names of columns. */
export interface TableMirror {
  from: QualifiedName;
  to: QualifiedName;
  /** A unique key of both. */
  key: string[];
  /** The columns that are carried, those of the key among them. */
  columns: string[];
  /** Those of them that no UPDATE can set, because they are GENERATED ALWAYS AS IDENTITY. */
  fixed: string[];
  functionName: QualifiedName;
  triggerName: string;
  searchPath: string[];
  /** By whose rights it writes: who may write the one table need not be able to write the other. */
  owner: string;
}

/** A mirror of all columns that can be written. `key`: a unique key of both tables. */
export function tableMirror(table: TableFacts, to: QualifiedName, key: readonly string[]): TableMirror {
  const id = shortHash(JSON.stringify([table.name, 'mirror']));
  return {
    from: table.name,
    to,
    key: [...key],
    columns: writtenColumns(table).map(({ name }) => name),
    fixed: table.columns.filter(({ identity }) => identity === 'always').map(({ name }) => name),
    functionName: { schema: table.name.schema, name: `switchback_mirror_${id}` },
    triggerName: firstTriggerName(id, table),
    searchPath: mirrorPath(table, key),
    owner: table.owner,
  };
}

/** The columns that a row can be given values for. */
export function writtenColumns(table: TableFacts): ColumnFacts[] {
  return table.columns.filter(({ generated }) => generated === null);
}

/** Where the operators that compare keys are. */
export function mirrorPath(table: TableFacts, key: readonly string[]): string[] {
  const schemas = table.columns
    .filter(({ name }) => key.includes(name))
    .map(({ typeName }) => typeName.schema);
  return ['pg_catalog', ...new Set(schemas.filter((schema) => schema !== 'pg_catalog')), 'pg_temp'];
}

/**
 * A name that fires before the table's own triggers: one of those may write the row once more, and the earlier state must
 * not be carried after the later one.
 */
function firstTriggerName(id: string, table: TableFacts): string {
  const taken = new Set(table.triggers.map(({ name }) => name));
  let name = `!switchback_${id}`;
  while (taken.has(name)) name = `!${name}`;
  return name;
}

/** CREATE FUNCTION, with the owner it writes by. */
export function createMirrorFunction(mirror: TableMirror): string[] {
  return [
    mirrorFunction('CREATE', mirror),
    `ALTER FUNCTION ${formatQualifiedName(mirror.functionName)}() OWNER TO ${formatIdentifier(mirror.owner)}`,
  ];
}

/** The function alone; it keeps its owner when it is replaced. */
export function mirrorFunction(verb: 'CREATE' | 'CREATE OR REPLACE', mirror: TableMirror): string {
  const path = mirror.searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return (
    `${verb} FUNCTION ${formatQualifiedName(mirror.functionName)}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql SECURITY DEFINER\n  SET search_path = ${path}\nAS ${dollarQuoted(mirrorBody(mirror))}`
  );
}

/** CREATE TRIGGER for rows, and for TRUNCATE, which fires none for rows. */
export function createMirrorTriggers({ from, triggerName, functionName }: TableMirror): string[] {
  const relation = formatQualifiedName(from);
  const call = `EXECUTE FUNCTION ${formatQualifiedName(functionName)}()`;
  return [
    `CREATE TRIGGER ${quoteIdentifier(triggerName)}\n  AFTER INSERT OR UPDATE OR DELETE ON ${relation}\n  FOR EACH ROW ${call}`,
    `CREATE TRIGGER ${quoteIdentifier(truncateName(triggerName))}\n  AFTER TRUNCATE ON ${relation}\n  FOR EACH STATEMENT ${call}`,
  ];
}

/** DROP TRIGGER of both. */
export function dropMirrorTriggers({ from, triggerName }: TableMirror): string[] {
  return [dropTrigger(from, triggerName), dropTrigger(from, truncateName(triggerName))];
}

/** DROP FUNCTION, after its triggers. */
export function dropMirrorFunction({ functionName }: TableMirror): string {
  return `DROP FUNCTION ${formatQualifiedName(functionName)}()`;
}

/** SQL that is true while the rows of a table are carried. */
export function isMirrored({ from, triggerName }: TableMirror): string {
  return triggerExists([from], triggerName);
}

function truncateName(triggerName: string): string {
  return `${triggerName}_all`;
}

function mirrorBody({ to, key, columns, fixed }: TableMirror): string {
  const relation = formatQualifiedName(to);
  const quoted = columns.map((column) => quoteIdentifier(column));
  const keys = key.map((column) => quoteIdentifier(column));
  const kept = [...new Set([...key, ...fixed])].map((column) => quoteIdentifier(column));
  const rest = quoted.filter((column) => !kept.includes(column));
  const image = (row: string): string => kept.map((column) => `${row}.${column}`).join(', ');
  const update =
    rest.length === 0
      ? 'DO NOTHING'
      : `DO UPDATE SET ${rest.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}`;
  // A table or a key may be called `old` or `new`, as the rows of a trigger are.
  return `#variable_conflict use_column
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE ${relation};
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ${imageDiffers(image('NEW'), image('OLD'))}) THEN
    DELETE FROM ${relation} AS there WHERE ${keys.map((column) => `there.${column} = OLD.${column}`).join(' AND ')};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO ${relation} (${quoted.join(', ')}) OVERRIDING SYSTEM VALUE
    VALUES (${quoted.map((column) => `NEW.${column}`).join(', ')})
    ON CONFLICT (${keys.join(', ')}) ${update};
  END IF;
  RETURN NULL;
END`;
}
