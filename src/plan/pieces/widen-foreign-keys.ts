import type { WidenedForeignKey, WidenedTable } from '../../assess/widened-key';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { stepForecast } from '../step-forecast';
import { addCopy, foreignKeyOptions } from './constraint-copies';
import { migrationStep } from './plain-steps';
import { constraintNames } from './not-null-proof';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst } from './taken-back-together';
import type { WidenedPlace } from './widen-parts';

/** A foreign key between wide columns that takes the place of one between narrow ones. */
export interface MovedForeignKey {
  original: WidenedForeignKey;
  /** The table that has it. */
  table: TableFacts;
  /** What the one between the wide columns is called until the swap. */
  name: string;
  definition: string;
}

/** Names and definitions of the foreign keys between the wide columns. */
export function movedForeignKeys(
  parser: SqlParser,
  keys: readonly WidenedForeignKey[],
  tables: readonly WidenedTable[],
  places: readonly WidenedPlace[],
): MovedForeignKey[] {
  const taken = new Map<string, Set<string>>();
  return keys.map((original) => {
    const table = tables.find(({ facts }) => isCalled(facts, original.from))!.facts;
    const relation = formatQualifiedName(table.name);
    const names = taken.get(relation) ?? constraintNames(table);
    taken.set(relation, names);
    const name = freeName(original.name, '_switchback', names);
    names.add(name);
    const list = (of: QualifiedName, columns: readonly string[]): string => {
      const place = places.find((each) => isCalled(each.table, of));
      const wide = (column: string): string =>
        place?.columns.find(({ facts }) => facts.name === column)?.beside ?? column;
      return columns.map((column) => formatIdentifier(wide(column))).join(', ');
    };
    const definition =
      `FOREIGN KEY (${list(original.from, original.fromColumns)}) ` +
      `REFERENCES ${formatQualifiedName(original.to)} (${list(original.to, original.toColumns)})` +
      foreignKeyOptions(parser, original, (columns) => list(original.from, columns));
    return { original, table, name, definition };
  });
}

/** Per table one step that adds them for new rows, then one each that proves it on the rows that are there. */
export function foreignKeySteps(keys: readonly MovedForeignKey[], swapped: string): StepDraft[] {
  const tables = new Set(keys.map(({ table }) => table));
  return [
    ...[...tables].map((table) =>
      addStep(
        table,
        keys.filter((key) => key.table === table),
        swapped,
      ),
    ),
    ...keys.filter(({ original }) => original.validated).map((key) => validateStep(key, swapped)),
  ];
}

function addStep(table: TableFacts, keys: readonly MovedForeignKey[], swapped: string): StepDraft {
  const relation = formatQualifiedName(table.name);
  const there = keys.map(({ name }) => constraintExists(table.name, name, false)).join(' AND ');
  return migrationStep({
    slug: stepSlug(`foreign keys ${table.name.name}`),
    title: t('Add the foreign keys of the wide columns to {0}', relation),
    action: t('New writes are checked from now on; existing rows are proved by the steps that follow.'),
    forward: keys.flatMap(({ name, definition, original }) =>
      addCopy({ table: table.name, name, definition, comment: original.comment }),
    ),
    rollback: byTheFirst,
    holds: [`((${there})\n    OR ${swapped})`],
    expectation: t(
      'The foreign keys are there, or have their names: {0}.',
      keys.map(({ name }) => name).join(', '),
    ),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table),
  });
}

function validateStep({ table, name }: MovedForeignKey, swapped: string): StepDraft {
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: stepSlug(`validate ${name}`),
    title: t('Validate {0}', formatIdentifier(name)),
    action: t('Reads every row of {0} while others go on reading and writing.', relation),
    forward: [`ALTER TABLE ${relation} VALIDATE CONSTRAINT ${formatIdentifier(name)}`],
    rollback: byTheFirst,
    holds: [`(${constraintExists(table.name, name, true)}\n    OR ${swapped})`],
    expectation: t('The foreign key {0} is validated.', name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'scan', table),
  });
}

/** In the moment of the swap: those between the narrow columns go, and these get their names. */
export function takeOverNames(keys: readonly MovedForeignKey[]): string[] {
  return keys.flatMap(({ table, name, original }) => [
    dropConstraint(table, original.name),
    `ALTER TABLE ${formatQualifiedName(table.name)} RENAME CONSTRAINT ${formatIdentifier(name)} TO ${formatIdentifier(original.name)}`,
  ]);
}

/** On the way back, before the keys they refer to are exchanged. */
export function dropMoved(keys: readonly MovedForeignKey[]): string[] {
  return keys.map(({ table, original }) => dropConstraint(table, original.name));
}

/** On the way back: those between the narrow columns, which are proved in transactions of their own. */
export function originalsAgain(keys: readonly MovedForeignKey[]): string[] {
  return keys.flatMap(({ table, original }) => {
    const relation = formatQualifiedName(table.name);
    const name = formatIdentifier(original.name);
    const definition = original.definition.replace(/ NOT VALID$/, '');
    const add = `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${name} ${definition} NOT VALID`;
    if (original.comment === null) return [add];
    return [add, `COMMENT ON CONSTRAINT ${name} ON ${relation} IS ${quoteLiteral(original.comment)}`];
  });
}

/** Statements that prove them again. */
export function proveOriginals(keys: readonly MovedForeignKey[]): string[] {
  return keys
    .filter(({ original }) => original.validated)
    .map(
      ({ table, original }) =>
        `ALTER TABLE ${formatQualifiedName(table.name)} VALIDATE CONSTRAINT ${formatIdentifier(original.name)}`,
    );
}

/** What is there of those between the wide columns, where the swap has not come. */
export function dropUnused(keys: readonly MovedForeignKey[]): string[] {
  return keys.map(
    ({ table, name }) =>
      `ALTER TABLE ${formatQualifiedName(table.name)} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`,
  );
}

function dropConstraint({ name }: TableFacts, constraint: string): string {
  return `ALTER TABLE ${formatQualifiedName(name)} DROP CONSTRAINT ${formatIdentifier(constraint)}`;
}

function isCalled({ name }: TableFacts, other: QualifiedName): boolean {
  return name.schema === other.schema && name.name === other.name;
}
