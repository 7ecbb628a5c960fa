import { t } from '../messages/translate';
import { dollarQuoted } from './dollar-quoted';
import { formatQualifiedName, quoteIdentifier, quoteLiteral, type QualifiedName } from './identifier';
import { imageDiffers } from './image-differs';
import { createRowTrigger, dropTrigger } from './row-trigger';

/** What keeps an old and a new column equal while both are written. */
export interface DualWrite {
  table: QualifiedName;
  from: string;
  to: string;
  /** The new column's type as SQL, where it is another one than the old column's: assignments then convert. */
  toType: string | null;
  /** Whether the old column fills itself (default or identity): then a writer of the new one cannot leave it NULL. */
  fromHasDefault: boolean;
  functionName: QualifiedName;
  triggerName: string;
  /** The tables that carry the trigger: the table itself, or each leaf where the server cannot put it on the parent. */
  triggerTables: QualifiedName[];
}

/** CREATE FUNCTION and CREATE TRIGGER of a dual write. */
export function createDualWrite(dual: DualWrite): string[] {
  const name = formatQualifiedName(dual.functionName);
  const createFunction =
    `CREATE FUNCTION ${name}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\nAS ${dollarQuoted(dualWriteBody(dual))}`;
  return [createFunction, ...createRowTrigger(dual.triggerTables, dual.triggerName, name)];
}

/** DROP TRIGGER and DROP FUNCTION of a dual write. */
export function dropDualWrite(dual: DualWrite): string[] {
  return [
    ...dual.triggerTables.map((table) => dropTrigger(table, dual.triggerName)),
    `DROP FUNCTION ${formatQualifiedName(dual.functionName)}()`,
  ];
}

function dualWriteBody(dual: DualWrite): string {
  const from = quoteIdentifier(dual.from);
  const to = quoteIdentifier(dual.to);
  const newFrom = `NEW.${from}`;
  const newTo = `NEW.${to}`;
  const converted = dual.toType === null ? newFrom : `CAST(${newFrom} AS ${dual.toType})`;
  const takeNew = dual.fromHasDefault
    ? `    ELSE\n      ${newFrom} := ${newTo};`
    : `    ELSIF ${newFrom} IS NOT DISTINCT FROM NULL THEN\n      ${newFrom} := ${newTo};\n` +
      `    ELSIF ${imageDiffers(converted, newTo)} THEN\n${raise(dual, '      ')}`;
  return `DECLARE
  from_changed boolean;
  to_changed boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ${newTo} IS NOT DISTINCT FROM NULL THEN
      ${newTo} := ${newFrom};
${takeNew}
    END IF;
    RETURN NEW;
  END IF;
  from_changed := ${imageDiffers(newFrom, `OLD.${from}`)};
  to_changed := ${imageDiffers(newTo, `OLD.${to}`)};
  IF from_changed AND to_changed THEN
    IF ${imageDiffers(converted, newTo)} THEN
${raise(dual, '      ')}
    END IF;
  ELSIF from_changed THEN
    ${newTo} := ${newFrom};
  ELSIF to_changed THEN
    ${newFrom} := ${newTo};
  ELSIF ${newTo} IS NOT DISTINCT FROM NULL THEN
    -- Not reached by the backfill yet.
    ${newTo} := ${newFrom};
  END IF;
  RETURN NEW;
END`;
}

function raise(dual: DualWrite, indent: string): string {
  const names = [quoteIdentifier(dual.from), quoteIdentifier(dual.to), formatQualifiedName(dual.table)];
  const message =
    dual.toType === null
      ? t(
          'The columns {0} and {1} of {2} were given different values in one statement, and they are one column being renamed.',
          ...names,
        )
      : t(
          'The columns {0} and {1} of {2} were given different values in one statement, and they are one column whose type changes.',
          ...names,
        );
  const hint = t('Write only one of them, or the same value to both.');
  return (
    `${indent}RAISE EXCEPTION USING\n${indent}  ERRCODE = 'integrity_constraint_violation',\n` +
    `${indent}  MESSAGE = ${quoteLiteral(message)},\n${indent}  HINT = ${quoteLiteral(hint)};`
  );
}
