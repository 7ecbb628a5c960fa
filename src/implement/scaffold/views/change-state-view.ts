import type { Assessment } from '../../../assess/assessment';
import type { Change } from '../../../assess/change';
import {
  countDependents,
  dependentsOfColumn,
  type ColumnFacts,
  type Dependents,
} from '../../../catalog/table-facts';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';

/** What of the database depends on the column that is changed. */
export function dependentsOfChange({ change, table }: Assessment): Dependents {
  return dependentsOfColumn(table.dependents, columnOf(change));
}

function columnOf(change: Change): string {
  return change.kind === 'rename-column' ? change.from : change.column;
}

/** How it is today, in sentences. */
export function currentState(assessment: Assessment): string[] {
  const { change, table } = assessment;
  const relation = formatQualifiedName(table.name);
  switch (change.kind) {
    case 'add-required-column':
      return [
        t(
          'The table {0} has {1} columns and no column {2}.',
          relation,
          table.columns.length,
          formatIdentifier(change.column),
        ),
      ];
    case 'rename-column': {
      const column = table.columns.find((candidate) => candidate.name === change.from);
      const dependents = countDependents(dependentsOfChange(assessment));
      return [
        t(
          'The table {0} has the column {1}: {2}.',
          relation,
          formatIdentifier(change.from),
          column ? columnWords(column) : t('of unknown type'),
        ),
        dependents === 0
          ? t('Nothing else in the database depends on it.')
          : t('Objects of the database that depend on it: {0}, listed under Scope.', dependents),
      ];
    }
  }
}

/** How it will be, in sentences. */
export function targetState({ change, table }: Assessment): string[] {
  const relation = formatQualifiedName(table.name);
  switch (change.kind) {
    case 'add-required-column': {
      const fill =
        change.fill.by === 'default'
          ? t('existing rows have {0}', change.fill.expression)
          : t('existing rows have the value of {0}', change.fill.expression);
      const omit = change.keepDefault
        ? t('Writers may go on leaving it out; the default fills it.')
        : t('Every writer gives it a value.');
      return [
        t(
          'The table {0} has the column {1}: {2}, NOT NULL; {3}.',
          relation,
          formatIdentifier(change.column),
          change.type,
          fill,
        ),
        omit,
      ];
    }
    case 'rename-column':
      return [
        t(
          'The column is called {0}. Type, constraints, indexes, privileges and everything that reads it are as before.',
          formatIdentifier(change.to),
        ),
        t('The old column, {0}, is gone.', formatIdentifier(change.from)),
      ];
  }
}

function columnWords(column: ColumnFacts): string {
  const words = [column.type, column.notNull ? t('NOT NULL') : t('NULL allowed')];
  if (column.default !== null) words.push(t('default {0}', column.default));
  return words.join(', ');
}
