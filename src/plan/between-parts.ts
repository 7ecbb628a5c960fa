import type { PartAssessment } from '../assess/assessment';
import { changeTypeOf } from '../assess/change';
import type { ColumnFate } from '../assess/changes/change-type';
import { t } from '../messages/translate';
import { dependentsOfColumn, type TableFacts } from '../catalog/table-facts';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';

/**
 * What stops changes from being made by one plan, as sentences with the way out: each is planned for the table as it is now,
 * so what one of them moves or takes away must not be what another one works on.
 */
export function betweenParts(parts: readonly PartAssessment[]): string[] {
  return parts.flatMap((one, index) =>
    parts.slice(index + 1).flatMap((other) => {
      const shared = sharedBy(one, other);
      return shared === null ? [] : [apart(one, other, shared)];
    }),
  );
}

function apart(one: PartAssessment, other: PartAssessment, shared: string): string {
  return t(
    '"{0}" and "{1}" cannot be in one plan, as both work on {2}. Plan the one that comes later when the other one is done.',
    changeTypeOf(one.change).describe(one.change),
    changeTypeOf(other.change).describe(other.change),
    shared,
  );
}

/** What both work on, in words; null where they leave each other alone. */
function sharedBy(one: PartAssessment, other: PartAssessment): string | null {
  return (
    sharedWhole(one, other) ??
    sharedWhole(other, one) ??
    sharedColumn(one, other) ??
    sharedType(one, other) ??
    sharedObject(one, other)
  );
}

/** A table that one of them concerns as a whole. */
function sharedWhole(one: PartAssessment, other: PartAssessment): string | null {
  if ((isNew(one) && other.needsOthers) || (isNew(other) && one.needsOthers)) return null;
  const type = changeTypeOf(one.change);
  const isWhole = type.concernsTable === true || (type.subject ?? 'table') !== 'table';
  const taken = new Set(isWhole ? [formatQualifiedName(one.table.name)] : []);
  for (const { forecast } of one.rawSteps ?? [])
    for (const { relation } of forecast.locks) taken.add(relation);
  return relationsOf(other).find((relation) => taken.has(relation)) ?? null;
}

function isNew({ change }: PartAssessment): boolean {
  return changeTypeOf(change).subject === 'new-table';
}

/** Its table, and the others that its keys lead to. */
function relationsOf({ table, rawSteps = [] }: PartAssessment): string[] {
  return [
    formatQualifiedName(table.name),
    ...rawSteps.flatMap(({ forecast }) => forecast.locks.map(({ relation }) => relation)),
  ];
}

function sharedColumn(one: PartAssessment, other: PartAssessment): string | null {
  if (!isSameTable(one, other)) return null;
  const others = fatesOf(other);
  const found = fatesOf(one).find(({ column, fate }) =>
    others.some((each) => {
      if (each.column !== column || isMadeFor(one, fate, other, each.fate)) return false;
      return fate !== 'used' || each.fate !== 'used';
    }),
  );
  return found
    ? t('the column {0} of {1}', formatIdentifier(found.column), formatQualifiedName(one.table.name))
    : null;
}

type Fate = ColumnFate['fate'];

/** Whether one of them adds the column, and the other one was read where it is there. */
function isMadeFor(one: PartAssessment, fate: Fate, other: PartAssessment, others: Fate): boolean {
  return (
    (fate === 'added' && others === 'used' && other.needsOthers === true) ||
    (fate === 'used' && others === 'added' && one.needsOthers === true)
  );
}

function fatesOf({ change }: PartAssessment): ReturnType<ReturnType<typeof changeTypeOf>['columns']> {
  return changeTypeOf(change).columns(change);
}

/** An enum or a domain that both change. */
function sharedType(one: PartAssessment, other: PartAssessment): string | null {
  const types = typesOf(other);
  return typesOf(one).find((name) => types.includes(name)) ?? null;
}

function typesOf({ ownType }: PartAssessment): string[] {
  return ownType ? [formatQualifiedName(ownType.name)] : [];
}

/** Something that holds columns of both: it would have to move twice at once. */
function sharedObject(one: PartAssessment, other: PartAssessment): string | null {
  const others = holdersOf(other);
  return holdersOf(one).find((name) => others.includes(name)) ?? null;
}

/** What holds the columns that a change moves, changes or takes away. */
function holdersOf(part: PartAssessment): string[] {
  const moved = fatesOf(part)
    .filter(({ fate }) => fate === 'removed' || fate === 'changed')
    .map(({ column }) => column);
  return moved.flatMap((column) => holdersOfColumn(part.table, column));
}

function holdersOfColumn(table: TableFacts, column: string): string[] {
  const used = dependentsOfColumn(table.dependents, column);
  const relation = formatQualifiedName(table.name);
  const keys = [
    ...table.foreignKeysOut.filter(({ fromColumns }) => fromColumns.includes(column)),
    ...table.foreignKeysIn.filter(({ toColumns }) => toColumns.includes(column)),
  ];
  return [
    ...table.indexes
      .filter(({ columns, expressionColumns }) => [...columns, ...expressionColumns].includes(column))
      .map(({ name }) => t('the index {0}', formatQualifiedName(name))),
    ...table.constraints
      .filter(({ columns, kind }) => columns.includes(column) && kind !== 'not-null')
      .map(({ name }) => t('the constraint {0} of {1}', formatIdentifier(name), relation)),
    ...keys.map(({ name, from }) =>
      t('the constraint {0} of {1}', formatIdentifier(name), formatQualifiedName(from)),
    ),
    ...used.views.map(({ name }) => t('the view {0}', formatQualifiedName(name))),
    ...used.routines.map(({ signature }) => t('the routine {0}', signature)),
    ...used.policies.map(({ name }) => t('the policy {0} of {1}', formatIdentifier(name), relation)),
    ...used.triggers.map(({ name }) => t('the trigger {0} of {1}', formatIdentifier(name), relation)),
    ...used.rules.map(({ name }) => t('the rule {0} of {1}', formatIdentifier(name), relation)),
    ...used.statistics.map(({ name }) => t('the statistics {0}', formatQualifiedName(name))),
    ...used.generatedColumns.map((each) =>
      t('the column {0} of {1}', formatIdentifier(each.column), relation),
    ),
  ];
}

function isSameTable(one: PartAssessment, other: PartAssessment): boolean {
  return formatQualifiedName(one.table.name) === formatQualifiedName(other.table.name);
}
