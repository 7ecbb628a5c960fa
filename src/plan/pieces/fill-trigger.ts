import { generatedBlockers } from '../../assess/converted-values';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { fittingName, freeName, shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  type QualifiedName,
} from '../../sql/identifier';
import { lastTriggerName } from '../../sql/last-trigger-name';
import { createRowTrigger, dropTrigger } from '../../sql/row-trigger';

/** A column and what it gets where a writer leaves it out. */
export interface FilledColumn {
  column: string;
  /** SQL over the row's columns. */
  expression: string;
}

/** The trigger that computes a column for writers that omit it. */
export interface FillTrigger {
  functionName: QualifiedName;
  triggerName: string;
  tables: QualifiedName[];
  searchPath: string[];
}

/** Names and places of the trigger; `schemas` are those the expression needs, besides pg_catalog. */
export function fillTrigger(
  table: TableFacts,
  { column }: FilledColumn,
  schemas: readonly string[],
  major: number,
): FillTrigger {
  const id = shortHash(JSON.stringify([table.name, column]));
  const leaves = table.partitioning?.leaves;
  const existing = table.triggers.map((trigger) => trigger.name);
  return {
    functionName: {
      schema: table.name.schema,
      name: fittingName(fittingName(`switchback_fill_${column}`, ''), `_${id}`),
    },
    triggerName:
      lastTriggerName(`switchback_${id}`, existing, leaves !== undefined) ??
      freeName('switchback', `_${id}`, new Set(existing)),
    tables: leaves !== undefined && major < 13 ? leaves : [table.name],
    searchPath: ['pg_catalog', ...schemas.filter((schema) => schema !== 'pg_catalog'), 'pg_temp'],
  };
}

/** CREATE FUNCTION and CREATE TRIGGER of a fill trigger. */
export function createFillTrigger(table: TableFacts, filled: FilledColumn, fill: FillTrigger): string[] {
  const name = formatQualifiedName(fill.functionName);
  const target = `NEW.${quoteIdentifier(filled.column)}`;
  // A column may have the name of something of PL/pgSQL's own, as `new` or `found`.
  const body = `#variable_conflict use_column
BEGIN
  IF ${target} IS NOT DISTINCT FROM NULL THEN
    ${target} := (SELECT (${filled.expression}) FROM (SELECT (NEW).*) AS ${quoteIdentifier(table.name.name)});
  END IF;
  RETURN NEW;
END`;
  const searchPath = fill.searchPath.map((schema) => formatIdentifier(schema)).join(', ');
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = ${searchPath}\nAS ${dollarQuoted(body)}`,
    ...createRowTrigger(fill.tables, fill.triggerName, name),
  ];
}

/** DROP TRIGGER and DROP FUNCTION of a fill trigger. */
export function dropFillTrigger(fill: FillTrigger): string[] {
  return [
    ...fill.tables.map((table) => dropTrigger(table, fill.triggerName)),
    `DROP FUNCTION ${formatQualifiedName(fill.functionName)}()`,
  ];
}

/** What a trigger for each row cannot do on this table; `read` are the columns its expression reads. */
export function fillTriggerBlockers(table: TableFacts, read: readonly string[]): string[] {
  const blockers: string[] = [];
  if (table.inheritedBy.length > 0) {
    blockers.push(
      t(
        '{0} has children by INHERITS, which a trigger does not reach. Use a default, or detach them first.',
        formatQualifiedName(table.name),
      ),
    );
  }
  blockers.push(...generatedBlockers(table, read));
  return blockers;
}
