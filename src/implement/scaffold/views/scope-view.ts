import type { Assessment } from '../../../assess/assessment';
import { describeChange, type Change } from '../../../assess/change';
import {
  countDependents,
  dependentsOfColumn,
  type ColumnFacts,
  type Dependents,
} from '../../../catalog/table-facts';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../../sql/identifier';
import { bytesText } from '../../../templates/bytes-text';
import { durationText } from '../../../templates/duration-text';
import { countText, rowsText } from '../../../templates/rows-text';

/** What the change is about, with numbers. */
export interface ScopeView {
  change: string;
  table: string;
  current: string[];
  target: string[];
  numbers: { what: string; number: string }[];
  dependents: { what: string; names: string[] }[];
  codeReferences: { path: string; line: number; text: string }[];
  codeReferencesMore: string | null;
  type: { title: string; complexity: string; risk: string; duration: string; why: string };
}

const codeReferenceLimit = 25;

export function scopeView(assessment: Assessment): ScopeView {
  const { change, table, codeReferences, migrationType } = assessment;
  const shown = codeReferences.references.slice(0, codeReferenceLimit);
  const more = codeReferences.references.length - shown.length;
  return {
    change: describeChange(change),
    table: formatQualifiedName(table.name),
    current: currentState(assessment),
    target: targetState(assessment),
    numbers: numbersOf(assessment),
    dependents: dependentLists(dependentsOf(assessment)),
    codeReferences: shown.map(({ path, line, text }) => ({ path, line, text: text.trim() })),
    codeReferencesMore:
      more > 0 || codeReferences.truncated
        ? more > 0
          ? t('{0} more', countText(more))
          : t('others: the search stopped at its limit')
        : null,
    type: {
      title: migrationType.title,
      complexity: levelText(migrationType.complexity),
      risk: levelText(migrationType.risk),
      duration: migrationType.duration,
      why: migrationType.why,
    },
  };
}

/** `low`, `medium`, `high`, `very high`. */
export function levelText(level: Assessment['risk']['level']): string {
  switch (level) {
    case 'low':
      return t('low');
    case 'medium':
      return t('medium');
    case 'high':
      return t('high');
    case 'very-high':
      return t('very high');
  }
}

function columnOf(change: Change): string {
  return change.kind === 'rename-column' ? change.from : change.column;
}

function dependentsOf({ change, table }: Assessment): Dependents {
  return dependentsOfColumn(table.dependents, columnOf(change));
}

function currentState(assessment: Assessment): string[] {
  const { change, table } = assessment;
  const relation = formatQualifiedName(table.name);
  switch (change.kind) {
    case 'add-required-column':
      return [
        t(
          '{0} has {1} columns and no column {2}.',
          relation,
          table.columns.length,
          formatIdentifier(change.column),
        ),
      ];
    case 'rename-column': {
      const column = table.columns.find((candidate) => candidate.name === change.from);
      const dependents = countDependents(dependentsOf(assessment));
      return [
        t(
          '{0} has the column {1}, {2}.',
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

function targetState({ change, table }: Assessment): string[] {
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
          '{0} has the column {1}, {2}, NOT NULL; {3}.',
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
        t('The old column {0} is gone.', quoteIdentifier(change.from)),
      ];
  }
}

function columnWords(column: ColumnFacts): string {
  const words = [column.type, column.notNull ? t('NOT NULL') : t('NULL allowed')];
  if (column.default !== null) words.push(t('default {0}', column.default));
  return words.join(', ');
}

function numbersOf(assessment: Assessment): ScopeView['numbers'] {
  const { table, server, database, codeReferences } = assessment;
  const numbers: [string, string][] = [
    [
      t('Database'),
      t('{0}, PostgreSQL {1}, {2}', database.label, server.version, bytesText(server.databaseBytes)),
    ],
    [t('Rows'), table.rows.source === 'unknown' ? t('not known') : rowsText(Math.round(table.rows.count))],
    [
      t('Size of the table'),
      t(
        '{0}, and {1} of indexes',
        bytesText(table.bytes.heap + table.bytes.toast),
        bytesText(table.bytes.indexes),
      ),
    ],
    [t('Indexes'), String(table.indexes.length)],
    [
      t('Foreign keys'),
      t('{0} from here, {1} to here', table.foreignKeysOut.length, table.foreignKeysIn.length),
    ],
    [t('Triggers'), String(table.triggers.length)],
    [t('Partitions'), table.partitioning ? String(table.partitioning.count) : t('none')],
    [t('Dependent objects'), String(countDependents(dependentsOf(assessment)))],
    [
      t('Places in the code'),
      t(
        '{0} in {1} files searched',
        codeReferences.references.length,
        countText(codeReferences.filesSearched),
      ),
    ],
    [t('Replicas'), replicasText(assessment)],
    [t('Disk needed meanwhile'), diskText(assessment)],
    [t('Longest open transaction'), longestText(assessment)],
  ];
  return numbers.map(([what, number]) => ({ what, number }));
}

function replicasText({ server }: Assessment): string {
  if (server.replicas === null) return t('not known: no right to see them');
  if (server.replicas.length === 0) return t('none');
  return server.replicas
    .map((replica) =>
      replica.lagBytes === null
        ? replica.name
        : t('{0} ({1} behind)', replica.name, bytesText(replica.lagBytes)),
    )
    .join(', ');
}

function diskText({ server }: Assessment): string {
  const { heapBytes, indexBytes, walBytes, freeBytes } = server.disk;
  const need = t(
    '{0}, of that {1} of WAL',
    bytesText(heapBytes + indexBytes + walBytes),
    bytesText(walBytes),
  );
  return freeBytes === null ? need : t('{0}; {1} are free', need, bytesText(freeBytes));
}

function longestText({ server }: Assessment): string {
  const longest = Math.max(0, ...server.longTransactions.map((transaction) => transaction.milliseconds));
  return longest === 0 ? t('none at the time of assessment') : durationText(longest);
}

function dependentLists(dependents: Dependents): ScopeView['dependents'] {
  const lists: [string, string[]][] = [
    [t('Views'), dependents.views.map((view) => formatQualifiedName(view.name))],
    [t('Routines'), dependents.routines.map((routine) => routine.signature)],
    [
      t('Policies'),
      dependents.policies.map((policy) =>
        t('{0} on {1}', formatIdentifier(policy.name), formatQualifiedName(policy.table)),
      ),
    ],
    [t('Generated columns'), dependents.generatedColumns.map((column) => formatIdentifier(column.column))],
    [t('Triggers'), dependents.triggers.map((trigger) => formatIdentifier(trigger.name))],
    [t('Statistics'), dependents.statistics.map((statistics) => formatQualifiedName(statistics.name))],
    [
      t('Indexes on expressions'),
      dependents.expressionIndexes.map((index) => formatQualifiedName(index.name)),
    ],
    [t('Checks'), dependents.checks.map((check) => formatIdentifier(check.name))],
    [t('Rules'), dependents.rules.map((rule) => formatIdentifier(rule.name))],
    [t('Sequences'), dependents.sequences.map((sequence) => formatQualifiedName(sequence.name))],
  ];
  return lists.filter(([, names]) => names.length > 0).map(([what, names]) => ({ what, names }));
}
