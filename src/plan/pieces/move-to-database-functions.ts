import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { dropTrigger } from '../../sql/row-trigger';
import type { DatabaseMoveParts } from './move-to-database-parts';
import { triggerExists } from './sql-text';

/** The function that writes there what was written here, by the rights of the table's owner. */
export function createForeignMirror(parts: DatabaseMoveParts): string[] {
  const name = formatQualifiedName(parts.mirrorFunction);
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger\n  LANGUAGE plpgsql SECURITY DEFINER\n  SET search_path = pg_catalog, pg_temp\n` +
      `AS ${dollarQuoted(mirrorBody(parts))}`,
    `ALTER FUNCTION ${name}() OWNER TO ${formatIdentifier(parts.table.owner)}`,
  ];
}

/**
 * A transaction there sees what was there at its first statement, and is refused a row that changed since. So it begins
 * when this one commits: by then all rows are locked here, and who had them before has committed on both sides.
 * https://www.postgresql.org/docs/current/postgres-fdw.html#POSTGRES-FDW-TRANSACTION-MANAGEMENT
 */
export function createForeignMirrorTriggers({
  table,
  mirrorFunction,
  mirrorTrigger,
}: DatabaseMoveParts): string[] {
  const relation = formatQualifiedName(table.name);
  const call = `EXECUTE FUNCTION ${formatQualifiedName(mirrorFunction)}()`;
  return [
    `CREATE CONSTRAINT TRIGGER ${quoteIdentifier(mirrorTrigger)}\n  AFTER INSERT OR UPDATE OR DELETE ON ${relation}\n` +
      `  DEFERRABLE INITIALLY DEFERRED\n  FOR EACH ROW ${call}`,
    `CREATE TRIGGER ${quoteIdentifier(truncateTrigger(mirrorTrigger))}\n  AFTER TRUNCATE ON ${relation}\n  FOR EACH STATEMENT ${call}`,
  ];
}

/** DROP TRIGGER of both. */
export function dropForeignMirrorTriggers({ table, mirrorTrigger }: DatabaseMoveParts): string[] {
  return [dropTrigger(table.name, mirrorTrigger), dropTrigger(table.name, truncateTrigger(mirrorTrigger))];
}

/** SQL that is true while writes are carried there. */
export function isMirroredThere({ table, mirrorTrigger }: DatabaseMoveParts): string {
  return triggerExists([table.name], mirrorTrigger);
}

/** Carries what is written through the foreign table to the table before. */
export function createBackTrigger({ back, foreign }: DatabaseMoveParts): string {
  return (
    `CREATE TRIGGER ${quoteIdentifier(back.triggerName)}\n  AFTER INSERT OR UPDATE OR DELETE ON ${formatQualifiedName(foreign)}\n` +
    `  FOR EACH ROW EXECUTE FUNCTION ${formatQualifiedName(back.functionName)}()`
  );
}

/**
 * The function that gives the keys of rows that differ, as text. Both servers are read one after the other: a row that has another version
 * here afterwards was written in between, and is left to what carries writes.
 */
export function createCompareFunction(parts: DatabaseMoveParts): string {
  return (
    `CREATE FUNCTION ${formatQualifiedName(parts.compareFunction)}() RETURNS text[]\n  LANGUAGE plpgsql\n` +
    // The servers may sort text differently: rows are hashed instead.
    `  SET search_path = pg_catalog, pg_temp\n  SET enable_mergejoin = off\nAS ${dollarQuoted(compareBody(parts))}`
  );
}

/** A query that holds where both have the same rows. */
export function isEqualThere({ compareFunction }: DatabaseMoveParts): string {
  return `SELECT cardinality(${formatQualifiedName(compareFunction)}()) = 0 AS holds`;
}

/** Functions that give the next value of an identity column: who inserts need have no right on its sequence. */
export function createNextValues({ nextValues, table }: DatabaseMoveParts): string[] {
  return nextValues.flatMap(({ sequence, functionName }) => {
    const name = formatQualifiedName(functionName);
    const body = `BEGIN\n  RETURN nextval(${quoteLiteral(formatQualifiedName(sequence))});\nEND`;
    return [
      `CREATE FUNCTION ${name}() RETURNS bigint\n  LANGUAGE plpgsql SECURITY DEFINER\n  SET search_path = pg_catalog, pg_temp\n` +
        `AS ${dollarQuoted(body)}`,
      `ALTER FUNCTION ${name}() OWNER TO ${formatIdentifier(table.owner)}`,
    ];
  });
}

function truncateTrigger(name: string): string {
  return `${name}_all`;
}

function mirrorBody({ table, foreign, key, major }: DatabaseMoveParts): string {
  const relation = formatQualifiedName(foreign);
  const columns = table.columns.map(({ name }) => quoteIdentifier(name));
  const keys = key.map((column) => quoteIdentifier(column));
  const rest = columns.filter((column) => !keys.includes(column));
  const image = (row: string): string => keys.map((column) => `${row}.${column}`).join(', ');
  const where = (row: string): string =>
    keys.map((column) => `there.${column} = ${row}.${column}`).join(' AND ');
  const write =
    rest.length === 0
      ? `PERFORM FROM ${relation} AS there WHERE ${where('NEW')};`
      : `UPDATE ${relation} AS there SET ${rest.map((column) => `${column} = NEW.${column}`).join(', ')} WHERE ${where('NEW')};`;
  return `BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    ${major < 14 ? `DELETE FROM ${relation}` : `TRUNCATE ${relation}`};
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ${imageDiffers(image('NEW'), image('OLD'))}) THEN
    DELETE FROM ${relation} AS there WHERE ${where('OLD')};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    ${write}
    IF NOT FOUND THEN
      INSERT INTO ${relation} (${columns.join(', ')}) VALUES (${columns.map((column) => `NEW.${column}`).join(', ')});
    END IF;
  END IF;
  RETURN NULL;
END`;
}

function compareBody({ table, foreign, key }: DatabaseMoveParts): string {
  const columns = table.columns.map(({ name }) => quoteIdentifier(name));
  const keys = key.map((column) => quoteIdentifier(column));
  const of = (side: string): string => columns.map((column) => `${side}.${column}`).join(', ');
  const found = keys
    .map((column, place) => `coalesce(one.${column}, two.${column}) AS key_${place}`)
    .join(', ');
  const same = keys.map((column) => `one.${column} = two.${column}`).join(' AND ');
  const where = (side: string): string =>
    keys.map((column, place) => `${side}.${column} = differing.key_${place}`).join(' AND ');
  const relation = formatQualifiedName(table.name);
  return `#variable_conflict use_variable
DECLARE
  differing record;
  version_now text;
  rows_found text[] := '{}';
  is_later boolean := false;
BEGIN
  FOR differing IN
    SELECT one.switchback_version AS version, ${found}
      FROM (SELECT ${of('mine')}, mine.xmin::text AS switchback_version FROM ${relation} AS mine) AS one
      FULL JOIN (SELECT ${of('theirs')} FROM ${formatQualifiedName(foreign)} AS theirs) AS two ON ${same}
     WHERE ${imageDiffers(of('one'), of('two'))}
  LOOP
    -- What committed there commits here a moment later.
    IF NOT is_later THEN
      PERFORM pg_sleep(0.5);
      is_later := true;
    END IF;
    SELECT mine.xmin::text INTO version_now FROM ${relation} AS mine WHERE ${where('mine')};
    CONTINUE WHEN version_now IS DISTINCT FROM differing.version;
    IF version_now IS NULL THEN
      -- It may have come and gone on both sides since: only a lock asks for what is there now.
      BEGIN
        PERFORM FROM ${formatQualifiedName(foreign)} AS theirs WHERE ${where('theirs')} FOR UPDATE;
        RAISE SQLSTATE 'SBACK';
      EXCEPTION
        WHEN serialization_failure THEN CONTINUE;
        WHEN SQLSTATE 'SBACK' THEN NULL;
      END;
    END IF;
    rows_found := array_append(rows_found, concat_ws(', ', ${keys.map((_, place) => `differing.key_${place}`).join(', ')}));
    EXIT WHEN cardinality(rows_found) = 1000;
  END LOOP;
  RETURN rows_found;
END`;
}
