import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { isListedAs, mayGo, staysFor, type RemovalParts } from './removal-parts';

/**
 * The trigger on the list that takes a row out when its entry is marked, and brings it back when the mark goes: so the
 * batches of a backfill of the list delete rows, each batch with its checkpoint in one transaction.
 */
export function createRemovalTrigger(parts: RemovalParts): string[] {
  const name = formatQualifiedName(parts.functionName);
  const path = parts.searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = ${path}\nAS ${dollarQuoted(body(parts))}`,
    `CREATE TRIGGER ${quoteIdentifier(parts.triggerName)}\n  BEFORE UPDATE ON ${formatQualifiedName(parts.list)}\n` +
      `  FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  ];
}

function body(parts: RemovalParts): string {
  return `#variable_conflict use_column
BEGIN
  IF NEW.gone AND NOT OLD.gone THEN
    -- From here on nobody can begin to refer to the row: the next statement sees who does.
    PERFORM 1 ${lockSql(parts)};
    ${takeOut(parts)};
${bringBack(parts)}  END IF;
  RETURN NEW;
END`;
}

function lockSql(parts: RemovalParts): string {
  const relation = formatQualifiedName(parts.table.name);
  if (parts.rows.by === 'condition') return `FROM ${relation} WHERE ${isListedAs(parts, 'OLD')} FOR UPDATE`;
  return (
    `FROM ${relation} AS switchback_gone, ${relation} AS switchback_other ` +
    `WHERE ${isListedAs(parts, 'OLD', 'switchback_gone')} AND ${staysFor(parts, parts.rows.columns, 'switchback_gone')} ` +
    'FOR UPDATE OF switchback_gone FOR SHARE OF switchback_other'
  );
}

function takeOut(parts: RemovalParts): string {
  const remove = `DELETE FROM ${formatQualifiedName(parts.table.name)} WHERE ${isListedAs(parts, 'OLD')} AND ${mayGo(parts)}`;
  if (parts.archive === null) return remove;
  const columns = parts.table.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  return (
    `WITH switchback_row AS (${remove} RETURNING ${columns})\n` +
    `    INSERT INTO ${formatQualifiedName(parts.archive)} (${columns}) SELECT ${columns} FROM switchback_row`
  );
}

function bringBack(parts: RemovalParts): string {
  if (parts.archive === null) return '';
  const columns = parts.table.columns
    .filter(({ generated }) => generated === null)
    .map(({ name }) => quoteIdentifier(name))
    .join(', ');
  return `  ELSIF OLD.gone AND NOT NEW.gone THEN
    BEGIN
      WITH switchback_row AS (DELETE FROM ${formatQualifiedName(parts.archive)} WHERE ${isListedAs(parts, 'OLD')} RETURNING ${columns})
      INSERT INTO ${formatQualifiedName(parts.table.name)} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM switchback_row;
    EXCEPTION WHEN integrity_constraint_violation THEN
      -- Its key is used again, or what it refers to is gone: it stays in the archive, and the others come back.
    END;
`;
}
