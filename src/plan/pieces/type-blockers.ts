import type { Assessment } from '../../assess/assessment';
import type { ChangeColumnType } from '../../assess/changes/change-column-type';
import { dependentsOfColumn, type ColumnFacts, type TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { mentionsIdentifier } from './sql-text';
import { filtersBy } from './row-filter';
import { deferrableUniqueBlockers } from './unique-constraints';

/** What stops a change of type on this table, each with the way out. */
export function typeBlockers(change: ChangeColumnType, assessment: Assessment): string[] {
  const { table, typeChange } = assessment;
  const column = table.columns.find(({ name }) => name === change.column);
  if (!column) return [];
  const both = [
    ...childBlockers(table),
    ...dependentBlockers(change, table),
    ...rowFilterBlockers(change, table),
    ...domainDefaultBlockers(table, column),
  ];
  if (typeChange?.inPlace === true) return both;
  return [
    ...both,
    ...deferrableUniqueBlockers(
      table,
      change.column,
      t('Make it not deferrable before the change (set-deferrable).'),
    ),
    ...keyBlockers(change, table),
    ...columnBlockers(change, table, column),
    ...partitionBlockers(change, table, assessment.server.major),
    ...domainBlockers(assessment),
  ];
}

/** Objects that hold the column by its place and its type: PostgreSQL refuses, or they would follow the old column. */
export function dependentBlockers({ column }: Pick<ChangeColumnType, 'column'>, table: TableFacts): string[] {
  const used = dependentsOfColumn(table.dependents, column);
  const named: [string, string[]][] = [
    [t('views'), used.views.map(({ name }) => formatQualifiedName(name))],
    [t('policies'), used.policies.map(({ name }) => name)],
    [t('rules'), used.rules.map(({ name }) => name)],
    [t('triggers'), used.triggers.map(({ name }) => name)],
    [
      t('generated columns'),
      used.generatedColumns.filter((each) => each.column !== column).map((each) => each.column),
    ],
    [
      t('routines with an SQL body'),
      used.routines.filter(({ certain }) => certain).map(({ signature }) => signature),
    ],
  ];
  return named
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) =>
      t(
        'These {0} hold {1} with its present type: {2}. Drop them before the change and create them again after it.',
        what,
        formatIdentifier(column),
        names.join(', '),
      ),
    );
}

/** PostgreSQL changes no type that a row filter reads, and the filter would stay with the old column. */
function rowFilterBlockers({ column }: ChangeColumnType, table: TableFacts): string[] {
  const filtering = table.publications.filter((publication) => filtersBy(publication, column));
  if (filtering.length === 0) return [];
  return [
    t(
      'These publications filter the rows of {0} by {1}: {2}. Publish the table without the filter before the change, and with it again after it.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      filtering.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}

function keyBlockers({ column }: ChangeColumnType, table: TableFacts): string[] {
  const name = formatIdentifier(column);
  const blockers: string[] = [];
  if (table.primaryKey?.includes(column) === true) {
    blockers.push(
      t(
        '{0} is in the primary key of {1}. Plan widen-key to make an integer key bigint, with all that refers to it; for another type add a new key column first.',
        name,
        formatQualifiedName(table.name),
      ),
    );
  }
  const incoming = table.foreignKeysIn.filter((key) => key.toColumns.includes(column)).map((key) => key.name);
  if (incoming.length > 0) {
    blockers.push(
      t(
        'Foreign keys point at {0}: {1}. Their columns need the new type first; drop the keys before the change and add them again after it.',
        name,
        incoming.join(', '),
      ),
    );
  }
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'exclusion' || !constraint.columns.includes(column)) continue;
    blockers.push(
      t(
        'The exclusion constraint {0} uses {1}, and PostgreSQL can build one only under an exclusive lock. Drop it first and add it again in a quiet minute.',
        constraint.name,
        name,
      ),
    );
  }
  const inIndex = table.indexes.some((index) => index.columns.includes(column) && index.unique);
  if (table.replicaIdentity === 'index' && inIndex) {
    blockers.push(
      t(
        'The replica identity of {0} is an index that may use {1}. Set it to another one, or to FULL, before the change.',
        formatQualifiedName(table.name),
        name,
      ),
    );
  }
  return blockers;
}

function columnBlockers(
  { column: wanted, using }: ChangeColumnType,
  table: TableFacts,
  column: ColumnFacts,
): string[] {
  const name = formatIdentifier(wanted);
  const blockers: string[] = [];
  if (column.identity !== null) {
    blockers.push(
      t(
        '{0} is an identity column. Drop its identity first, or change the type with ALTER TABLE in a quiet minute.',
        name,
      ),
    );
  }
  if (column.default !== null && using !== null) {
    blockers.push(
      t(
        'The default of {0}, {1}, cannot be converted by an expression over the row. Drop the default first, and set the new one after the change.',
        name,
        column.default,
      ),
    );
  }
  const computed = table.indexes.filter((index) => index.expressionColumns.includes(wanted));
  if (computed.length > 0) {
    blockers.push(
      t(
        'These indexes compute something from {0}, which may mean something else for the new type: {1}. Drop them first, and build them for the new type after the change.',
        name,
        computed.map((index) => index.name.name).join(', '),
      ),
    );
  }
  const publications = table.publications.filter((each) => each.columns?.includes(wanted) === true);
  if (publications.length > 0) {
    blockers.push(
      t(
        'These publications list {0}: {1}. Take it off their lists before the change, and put it there again after it.',
        name,
        publications.map((each) => each.name).join(', '),
      ),
    );
  }
  return blockers;
}

function partitionBlockers({ column }: ChangeColumnType, table: TableFacts, major: number): string[] {
  const name = formatIdentifier(column);
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  if (table.inheritedBy.length > 0) {
    blockers.push(
      t('{0} has children by INHERITS, which a trigger does not reach. Detach them first.', relation),
    );
  }
  if (table.partitioning === null) return blockers;
  if (mentionsIdentifier(table.partitioning.key, column)) {
    blockers.push(
      t(
        '{0} is in the partition key of {1}, which cannot change. Make a new partitioned table and move the rows.',
        name,
        relation,
      ),
    );
  }
  const unique = table.constraints.filter((each) => each.kind === 'unique' && each.columns.includes(column));
  if (unique.length > 0) {
    blockers.push(
      t(
        'UNIQUE constraints of the partitioned table {0} use {1}: {2}. PostgreSQL cannot put one on an index that is there; drop them first, or replace them by unique indexes.',
        relation,
        name,
        unique.map((each) => each.name).join(', '),
      ),
    );
  }
  if (major < 18 && table.foreignKeysOut.some((key) => key.fromColumns.includes(column))) {
    blockers.push(
      t(
        '{0} is in a foreign key of the partitioned table {1}, which cannot be added to it as NOT VALID before PostgreSQL 18. Drop the foreign key first and add it per partition after the change.',
        name,
        relation,
      ),
    );
  }
  return blockers;
}

function domainBlockers({ newColumn, table }: Assessment): string[] {
  if (newColumn?.domain == null) return [];
  return [
    t(
      '{0} is a domain with constraints: PostgreSQL writes all of {1} anew to add a column of one. Change to its base type, {2}, and add the checks to the table.',
      newColumn.type,
      formatQualifiedName(table.name),
      newColumn.domain.baseType,
    ),
  ];
}

/** A default of the column goes along to another type, one of its domain does not. */
function domainDefaultBlockers(table: TableFacts, column: ColumnFacts): string[] {
  if (column.domainDefault === undefined || column.default !== null) return [];
  return [
    t(
      '{0} of {1} has its default, {2}, from the domain {3}, and would lose it with that. Set it as a default of the column first (set-default).',
      formatIdentifier(column.name),
      formatQualifiedName(table.name),
      column.domainDefault.expression,
      column.type,
    ),
  ];
}
