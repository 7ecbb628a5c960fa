import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { dropTrigger } from '../../sql/row-trigger';
import { mirrorPath } from './mirror-table-trigger';
import { triggerExists } from './sql-text';

/** What keeps columns of a table and a table that has only those, one row for each, equal whichever is written. */
export interface MirrorBothWays {
  table: QualifiedName;
  part: QualifiedName;
  /** A unique key of both. */
  key: string[];
  /** The columns that both have beside the key. */
  columns: string[];
  /** From the table to the part, and the other way. */
  there: MirrorNames;
  back: MirrorNames;
  searchPath: string[];
  /** By whose rights it writes: who may write the one need not be able to write the other. */
  owner: string;
}

interface MirrorNames {
  functionName: QualifiedName;
  triggerName: string;
}

/** Names and places of both triggers. */
export function mirrorBothWays(
  table: TableFacts,
  part: QualifiedName,
  key: readonly string[],
  columns: readonly string[],
): MirrorBothWays {
  const id = shortHash(JSON.stringify([table.name, part]));
  const { schema } = table.name;
  return {
    table: table.name,
    part,
    key: [...key],
    columns: [...columns],
    // They fire before the table's own triggers: one of those may write the row once more.
    there: { functionName: { schema, name: `switchback_there_${id}` }, triggerName: `!switchback_${id}` },
    back: { functionName: { schema, name: `switchback_back_${id}` }, triggerName: `!switchback_${id}` },
    searchPath: mirrorPath(table, key),
    owner: table.owner,
  };
}

/** CREATE FUNCTION and CREATE TRIGGER of both directions. */
export function createBothWays(mirror: MirrorBothWays): string[] {
  const { there, back } = mirror;
  const relation = formatQualifiedName(mirror.table);
  const call = `EXECUTE FUNCTION ${formatQualifiedName(there.functionName)}()`;
  return [
    ...createFunction(mirror, there, thereBody(mirror)),
    ...createFunction(mirror, back, backBody(mirror)),
    rowTrigger(mirror.part, back),
    rowTrigger(mirror.table, there),
    `CREATE TRIGGER ${quoteIdentifier(truncateName(there))}\n  AFTER TRUNCATE ON ${relation}\n  FOR EACH STATEMENT ${call}`,
  ];
}

/** DROP TRIGGER and DROP FUNCTION of what carries to the part. */
export function dropThere({ table, there }: MirrorBothWays): string[] {
  return [
    dropTrigger(table, there.triggerName),
    dropTrigger(table, truncateName(there)),
    `DROP FUNCTION ${formatQualifiedName(there.functionName)}()`,
  ];
}

/**
 * What carries to the part carries keys alone from now on, as a foreign key with CASCADE does: the values of the table do
 * not follow those of the part any more.
 */
export function followKeys(mirror: MirrorBothWays): string {
  return functionText('CREATE OR REPLACE', mirror, mirror.there, keysBody(mirror));
}

/** DROP TRIGGER and DROP FUNCTION of what carries back. */
export function dropBack({ part, back }: MirrorBothWays): string[] {
  return [dropTrigger(part, back.triggerName), `DROP FUNCTION ${formatQualifiedName(back.functionName)}()`];
}

/** SQL that is true while both are kept equal. */
export function isKeptEqual({ table, part, there }: MirrorBothWays): string {
  return triggerExists([table, part], there.triggerName);
}

function truncateName({ triggerName }: MirrorNames): string {
  return `${triggerName}_all`;
}

function rowTrigger(table: QualifiedName, { triggerName, functionName }: MirrorNames): string {
  return (
    `CREATE TRIGGER ${quoteIdentifier(triggerName)}\n  AFTER INSERT OR UPDATE OR DELETE ON ${formatQualifiedName(table)}\n` +
    `  FOR EACH ROW EXECUTE FUNCTION ${formatQualifiedName(functionName)}()`
  );
}

function createFunction(mirror: MirrorBothWays, names: MirrorNames, body: string): string[] {
  return [
    functionText('CREATE', mirror, names, body),
    `ALTER FUNCTION ${formatQualifiedName(names.functionName)}() OWNER TO ${formatIdentifier(mirror.owner)}`,
  ];
}

function functionText(
  verb: 'CREATE' | 'CREATE OR REPLACE',
  { searchPath }: MirrorBothWays,
  { functionName }: MirrorNames,
  body: string,
): string {
  const path = searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return (
    `${verb} FUNCTION ${formatQualifiedName(functionName)}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql SECURITY DEFINER\n  SET search_path = ${path}\nAS ${dollarQuoted(body)}`
  );
}

/** An UPDATE that changes none of the values locks no row of the part. A key may be called `old`, as a trigger's row is. */
function thereBody({ part, key, columns }: MirrorBothWays): string {
  const relation = formatQualifiedName(part);
  const all = [...key, ...columns];
  const set = columns
    .map((column) => `${quoteIdentifier(column)} = EXCLUDED.${quoteIdentifier(column)}`)
    .join(', ');
  return `#variable_conflict use_column
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE ${relation};
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND NOT (${imageDiffers(of('NEW', all), of('OLD', all))}) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ${imageDiffers(of('NEW', key), of('OLD', key))}) THEN
    DELETE FROM ${relation} AS part WHERE ${isRow('part', key, 'OLD')};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO ${relation} AS part (${quoted(all)})
    VALUES (${of('NEW', all)})
    ON CONFLICT (${quoted(key)}) DO UPDATE SET ${set}
    WHERE ${imageDiffers(of('part', columns), of('EXCLUDED', columns))};
  END IF;
  RETURN NULL;
END`;
}

function keysBody({ part, key }: MirrorBothWays): string {
  const relation = formatQualifiedName(part);
  const set = key.map((column) => `${quoteIdentifier(column)} = NEW.${quoteIdentifier(column)}`).join(', ');
  return `BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE ${relation};
  ELSIF TG_OP = 'DELETE' THEN
    DELETE FROM ${relation} AS part WHERE ${isRow('part', key, 'OLD')};
  ELSIF TG_OP = 'UPDATE' AND ${imageDiffers(of('NEW', key), of('OLD', key))} THEN
    UPDATE ${relation} AS part SET ${set} WHERE ${isRow('part', key, 'OLD')};
  END IF;
  RETURN NULL;
END`;
}

/** The row of the table is locked against its deletion, as a foreign key does it. */
function backBody({ table, part, key, columns }: MirrorBothWays): string {
  const relation = formatQualifiedName(table);
  const message = t(
    '{0} has no row of that key, and {1} holds a part of it.',
    relation,
    formatQualifiedName(part),
  );
  const hint = t(
    'Write the row of {0} first, then that of {1} in the same transaction.',
    relation,
    formatQualifiedName(part),
  );
  const values = of('NEW', columns);
  const set = columns
    .map((column) => `${quoteIdentifier(column)} = NEW.${quoteIdentifier(column)}`)
    .join(', ');
  return `BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ${imageDiffers(of('NEW', key), of('OLD', key))}) THEN
    ${clear(table, key, columns)}
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM 1 FROM ${relation} AS whole WHERE ${isRow('whole', key, 'NEW')} FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION USING
        ERRCODE = 'foreign_key_violation',
        MESSAGE = ${quoteLiteral(message)},
        HINT = ${quoteLiteral(hint)};
    END IF;
    UPDATE ${relation} AS whole SET ${set}
    WHERE ${isRow('whole', key, 'NEW')} AND ${imageDiffers(of('whole', columns), values)};
  END IF;
  RETURN NULL;
END`;
}

function clear(table: QualifiedName, key: readonly string[], columns: readonly string[]): string {
  const set = columns.map((column) => `${quoteIdentifier(column)} = NULL`).join(', ');
  const present = columns
    .map((column) => `whole.${quoteIdentifier(column)} IS DISTINCT FROM NULL`)
    .join(' OR ');
  return `UPDATE ${formatQualifiedName(table)} AS whole SET ${set} WHERE ${isRow('whole', key, 'OLD')} AND (${present});`;
}

function quoted(columns: readonly string[]): string {
  return columns.map((column) => quoteIdentifier(column)).join(', ');
}

function of(row: string, columns: readonly string[]): string {
  return columns.map((column) => `${row}.${quoteIdentifier(column)}`).join(', ');
}

function isRow(one: string, key: readonly string[], other: string): string {
  return key
    .map((column) => `${one}.${quoteIdentifier(column)} = ${other}.${quoteIdentifier(column)}`)
    .join(' AND ');
}
