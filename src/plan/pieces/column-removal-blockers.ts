import type { Assessment } from '../../assess/assessment';
import type { DropColumn } from '../../assess/changes/drop-column';
import { dependentsOfColumn, type TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { replicaIdentityBlockers } from './lifted-not-null';
import { childBlockers } from './partition-blocker';
import { filtersBy } from './row-filter';
import { mentionsIdentifier } from './sql-text';
import { backfillWalk } from './walk';

/** What stops dropping a column of this table, each with the way out. */
export function columnRemovalBlockers({ column, backup }: DropColumn, { table }: Assessment): string[] {
  return [
    ...childBlockers(table),
    ...childrenBlockers(table),
    ...keyBlockers(table, column),
    ...sharedBlockers(table, column),
    ...dependentBlockers(table, column),
    ...publicationBlockers(table, column),
    ...replicaIdentityBlockers(table, column),
    ...(backup ? backupBlockers(table, column) : []),
  ];
}

function childrenBlockers(table: TableFacts): string[] {
  if (table.inheritedBy.length === 0) return [];
  return [
    t(
      '{0} has children by INHERITS, which would lose the column too. End the inheritance first.',
      formatQualifiedName(table.name),
    ),
  ];
}

function keyBlockers(table: TableFacts, column: string): string[] {
  const name = formatIdentifier(column);
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  if (table.primaryKey?.includes(column) === true) {
    blockers.push(
      t('{0} is part of the primary key of {1}. Give the table another primary key first.', name, relation),
    );
  }
  if (table.partitioning !== null && mentionsIdentifier(table.partitioning.key, column)) {
    blockers.push(
      t(
        '{0} is in the partition key of {1}. Move the rows to a table that is partitioned by another column first.',
        name,
        relation,
      ),
    );
  }
  for (const key of table.foreignKeysIn.filter(({ toColumns }) => toColumns.includes(column))) {
    blockers.push(
      t(
        'The foreign key {0} of {1} points at {2}. Drop it first.',
        formatIdentifier(key.name),
        formatQualifiedName(key.from),
        name,
      ),
    );
  }
  return blockers;
}

/** Indexes and constraints that would go with it although they are about other columns too. */
function sharedBlockers(table: TableFacts, column: string): string[] {
  const name = formatIdentifier(column);
  const isShared = (columns: readonly string[]): boolean =>
    columns.includes(column) && columns.some((other) => other !== column);
  const constraints = table.constraints
    .filter(({ kind, columns }) => kind !== 'primary-key' && isShared(columns))
    .map((constraint) =>
      t(
        'The constraint {0} is about other columns beside {1}, and would go with it. Replace it by one without {1}, or drop it, first.',
        formatIdentifier(constraint.name),
        name,
      ),
    );
  const indexes = table.indexes
    .filter((index) => index.constraint === null && isShared([...index.columns, ...index.expressionColumns]))
    .map((index) =>
      t(
        'The index {0} has other columns beside {1}, and would go with it. Replace it by one without {1}, or drop it, first.',
        formatIdentifier(index.name.name),
        name,
      ),
    );
  return [...constraints, ...indexes];
}

function dependentBlockers(table: TableFacts, column: string): string[] {
  const name = formatIdentifier(column);
  const used = dependentsOfColumn(table.dependents, column);
  const views = used.views.filter(({ depth }) => depth === 1);
  const generated = used.generatedColumns.filter((each) => each.column !== column);
  return [
    ...views.map((view) =>
      t('The view {0} reads {1}. Give it a query without that first.', formatQualifiedName(view.name), name),
    ),
    ...used.routines
      .filter(({ certain }) => certain)
      .map((routine) => t('{0} uses {1}. Replace it first.', routine.signature, name)),
    ...used.policies.map((policy) =>
      t(
        'The policy {0} on {1} uses {2}. Replace it first.',
        formatIdentifier(policy.name),
        formatQualifiedName(policy.table),
        name,
      ),
    ),
    ...used.triggers.map((trigger) =>
      t('The trigger {0} uses {1}. Replace it first.', formatIdentifier(trigger.name), name),
    ),
    ...used.rules.map((rule) =>
      t('The rule {0} uses {1}. Replace it first.', formatIdentifier(rule.name), name),
    ),
    ...generated.map((each) =>
      t(
        'The generated column {0} is computed from {1}. Drop that column first, or its expression (ALTER COLUMN ... DROP EXPRESSION, from PostgreSQL 13).',
        formatIdentifier(each.column),
        name,
      ),
    ),
  ];
}

function publicationBlockers(table: TableFacts, column: string): string[] {
  return table.publications
    .filter((publication) => publication.columns?.includes(column) === true || filtersBy(publication, column))
    .map((publication) =>
      t(
        'The publication {0} names {1} in its columns or its row filter. Publish the table without it first.',
        formatIdentifier(publication.name),
        formatIdentifier(column),
      ),
    );
}

function backupBlockers(table: TableFacts, column: string): string[] {
  if (backfillWalk(table, [column]).by === 'key') return [];
  return [
    t(
      'No key tells the rows of {0} apart without {1}, so that kept values could not be put back. Add a primary key, or drop the column without keeping them.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
    ),
  ];
}
