import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { createRowTrigger } from '../../sql/row-trigger';
import type { OldColumn, ReplacementParts } from './replacement-parts';

/** CREATE FUNCTION and CREATE TRIGGER of what computes new columns from old ones, and back, with every write. */
export function createReplacementTrigger(parts: ReplacementParts): string[] {
  const { functionName, triggerName, tables, searchPath } = parts.trigger;
  const path = searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  const name = formatQualifiedName(functionName);
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = ${path}\nAS ${dollarQuoted(body(parts))}`,
    ...createRowTrigger(tables, triggerName, name),
  ];
}

/**
 * Who changes one side changes the other; who gives both is taken at its word. A new value that is what the old one
 * gives leaves the old one alone, so that the backfill changes nothing of it.
 */
function body(parts: ReplacementParts): string {
  const added = parts.new.map(({ column }) => column);
  const old = parts.old.map(({ column }) => column);
  return `#variable_conflict use_column
DECLARE
  old_changed boolean;
  new_changed boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ${added.map((column) => isMissing(column)).join(' AND ')} THEN
${forward(parts, '      ')}
    ELSE
${parts.old.map((each) => backOnInsert(parts, each)).join('\n')}
    END IF;
    RETURN NEW;
  END IF;
  old_changed := ${hasChanged(old)};
  new_changed := ${hasChanged(added)};
  IF new_changed AND NOT old_changed THEN
    IF ${differsFromComputed(parts)} THEN
${parts.old.map((each) => back(parts, each, '      ')).join('\n')}
    END IF;
  ELSIF old_changed AND NOT new_changed THEN
${forward(parts, '    ')}
${byOthers(parts)}  END IF;
  RETURN NEW;
END`;
}

/** Where nothing is left to compute from, what is there stays. */
function byOthers(parts: ReplacementParts): string {
  if (parts.others.length === 0) return '';
  const present = parts.old.map(({ column }) => `NOT (${isMissing(column)})`).join(' OR ');
  return `  ELSIF NOT new_changed AND (${hasChanged(parts.others)}) AND (${present}) THEN\n${forward(parts, '    ')}\n`;
}

function forward(parts: ReplacementParts, indent: string): string {
  return parts.new
    .map(({ column, expression }) => `${indent}${newOf(column)} := ${ofNewRow(parts, expression)};`)
    .join('\n');
}

function back(parts: ReplacementParts, { column, back: value }: OldColumn, indent: string): string {
  return `${indent}${newOf(column)} := ${value === null ? 'NULL' : ofNewRow(parts, value)};`;
}

/**
 * A default stands in the place of what the writer left out; that it does not fit the rest tells it from one that was
 * written, also by PostgreSQL itself when it moves a row to another partition.
 */
function backOnInsert(parts: ReplacementParts, each: OldColumn): string {
  const { type, domainDefault } = each.facts;
  const byDefault = each.facts.default ?? domainDefault?.expression ?? null;
  const defaultVolatility = each.facts.defaultVolatility ?? domainDefault?.volatility ?? null;
  const isDefault =
    defaultVolatility === 'volatile'
      ? differsFromComputed(parts)
      : `NOT (${imageDiffers(newOf(each.column), `(${byDefault})::${type}`)}) AND ${differsFromComputed(parts)}`;
  const leftOut = byDefault === null ? isMissing(each.column) : `${isMissing(each.column)} OR (${isDefault})`;
  return `      IF ${leftOut} THEN\n${back(parts, each, '        ')}\n      END IF;`;
}

function differsFromComputed(parts: ReplacementParts): string {
  return imageDiffers(
    parts.new.map(({ column }) => newOf(column)).join(', '),
    parts.new.map(({ expression, type }) => `${ofNewRow(parts, expression)}::${type}`).join(', '),
  );
}

/** SQL that gives an expression over the row in a trigger, whose columns are those of NEW. */
function ofNewRow({ table }: ReplacementParts, expression: string): string {
  return `(SELECT (${expression}) FROM (SELECT (NEW).*) AS ${quoteIdentifier(table.name.name)})`;
}

function hasChanged(columns: readonly string[]): string {
  return imageDiffers(
    columns.map((column) => newOf(column)).join(', '),
    columns.map((column) => `OLD.${quoteIdentifier(column)}`).join(', '),
  );
}

/** IS NULL would look inside of a composite value. */
function isMissing(column: string): string {
  return `${newOf(column)} IS NOT DISTINCT FROM NULL`;
}

function newOf(column: string): string {
  return `NEW.${quoteIdentifier(column)}`;
}
