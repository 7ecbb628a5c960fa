import { dollarQuoted } from '../../sql/dollar-quoted';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { createRowTrigger, dropTrigger } from '../../sql/row-trigger';
import type { TypeParts } from './type-parts';

/** CREATE FUNCTION and CREATE TRIGGER of what writes the column beside while the old type counts. */
export function createMirror(parts: TypeParts): string[] {
  const { functionName, tables, triggerName } = parts.mirror;
  return [
    mirrorFunction(parts, 'CREATE', 'new'),
    ...createRowTrigger(tables, triggerName, formatQualifiedName(functionName)),
    // It reads the row alone: who carries rows here from elsewhere without triggers has to have it, too.
    ...tables.map(
      (table) =>
        `ALTER TABLE ${formatQualifiedName(table)} ENABLE ALWAYS TRIGGER ${quoteIdentifier(triggerName)}`,
    ),
  ];
}

/** DROP TRIGGER and DROP FUNCTION. */
export function dropMirror({ mirror }: TypeParts): string[] {
  return [
    ...mirror.tables.map((table) => dropTrigger(table, mirror.triggerName)),
    `DROP FUNCTION ${formatQualifiedName(mirror.functionName)}()`,
  ];
}

/** The function anew: `beside` says which value it computes, the new one until the swap, the old one after it. */
export function mirrorFunction(
  parts: TypeParts,
  verb: 'CREATE' | 'CREATE OR REPLACE',
  beside: 'new' | 'old',
): string {
  const { mirror } = parts;
  const path = mirror.searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return (
    `${verb} FUNCTION ${formatQualifiedName(mirror.functionName)}() RETURNS trigger\n` +
    `  LANGUAGE plpgsql\n  SET search_path = ${path}\nAS ${dollarQuoted(mirrorBody(parts, beside))}`
  );
}

/** SQL that gives an expression over the row in a trigger, whose columns are those of NEW. */
function ofNewRow({ table }: TypeParts, expression: string): string {
  return `(SELECT (${expression}) FROM (SELECT (NEW).*) AS ${quoteIdentifier(table.name.name)})`;
}

/** A column may have the name of something of PL/pgSQL's own, as `new` or `found`: in the expression it is the column. */
function mirrorBody(parts: TypeParts, beside: 'new' | 'old'): string {
  const head = '#variable_conflict use_column\nBEGIN';
  const target = `NEW.${quoteIdentifier(parts.beside)}`;
  const source = quoteIdentifier(parts.change.column);
  if (beside === 'new') {
    return `${head}\n  ${target} := ${ofNewRow(parts, parts.facts.forward)};\n  RETURN NEW;\nEND`;
  }
  // A row nobody writes keeps the old value it had, also where the way back would give another one.
  return `${head}
  IF TG_OP = 'INSERT' THEN
    ${target} := ${ofNewRow(parts, parts.facts.back)};
  ELSIF ${imageDiffers(`NEW.${source}`, `OLD.${source}`)} THEN
    ${target} := ${ofNewRow(parts, parts.facts.back)};
  END IF;
  RETURN NEW;
END`;
}
