import type { Assessment } from '../../assess/assessment';
import type { RenameColumn } from '../../assess/changes/rename-column';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import { applicationBlockers } from './rename-application-blockers';
import { mentionsIdentifier } from './sql-text';
import { filtersBy } from './row-filter';
import { deferrableUniqueBlockers } from './unique-constraints';

/** Above this a rewrite of the table under an exclusive lock is no longer a moment. */
const quickRewriteBytes = 64 * 1024 * 1024;

/** What stops a rename on this table, each with the way out. */
export function renameBlockers(
  change: RenameColumn,
  assessment: Assessment,
  options?: PlanOptions,
): string[] {
  const table = assessment.table;
  const column = table.columns.find((each) => each.name === change.from);
  if (!column) return [];
  return [
    ...keyBlockers(change, table, assessment.server.major),
    ...columnBlockers(change, table, column),
    ...dependentBlockers(change, table),
    ...inheritanceBlockers(table),
    ...copyBlockers(change, table),
    ...sequenceBlockers(assessment),
    ...triggerBlockers(change, table, options),
    ...(options?.dualWrite === 'application' ? applicationBlockers(change, table, column) : []),
  ];
}

function keyBlockers(change: RenameColumn, table: TableFacts, major: number): string[] {
  const from = formatIdentifier(change.from);
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  if (table.primaryKey?.includes(change.from)) {
    blockers.push(
      t(
        '{0} is part of the primary key of {1}, which cannot be moved to a second column step by step. Rename it by a view, which needs no second column (--by-view).',
        from,
        relation,
      ),
    );
  }
  if (table.partitioning !== null && mentionsIdentifier(table.partitioning.key, change.from)) {
    blockers.push(
      t(
        '{0} is in the partition key of {1}, which no other column can take over. Rename it by a view, which needs no second column (--by-view).',
        from,
        relation,
      ),
    );
  }
  for (const constraint of table.constraints) {
    if (constraint.kind === 'exclusion' && constraint.columns.includes(change.from)) {
      blockers.push(
        t(
          'The exclusion constraint {0} uses {1}, and PostgreSQL can build one only under an exclusive lock. Replace it first by a unique index or a check, or rename by a view, which needs no second column (--by-view).',
          constraint.name,
          from,
        ),
      );
    }
  }
  if (
    major < 18 &&
    table.partitioning !== null &&
    table.foreignKeysOut.some((key) => key.fromColumns.includes(change.from))
  ) {
    blockers.push(
      t(
        '{0} is in a foreign key of the partitioned table {1}, which cannot be added to it as NOT VALID before PostgreSQL 18. Drop the foreign key first and add it per partition after the rename.',
        from,
        relation,
      ),
    );
  }
  return blockers;
}

function columnBlockers(change: RenameColumn, table: TableFacts, column: ColumnFacts): string[] {
  const from = formatIdentifier(change.from);
  const blockers: string[] = [];
  if (column.generated !== null) {
    blockers.push(
      t(
        '{0} is a generated column: nothing writes it, so no dual write is needed. Rename it by a view (--by-view), or add a second generated column under the new name, move the readers, and drop this one.',
        from,
      ),
    );
  }
  if (column.typeKind === 'domain' && table.bytes.total > quickRewriteBytes) {
    blockers.push(
      t(
        '{0} is of the domain {1}; PostgreSQL rewrites the whole table under an exclusive lock to add a column of a domain with constraints. Change the column to the base type with a CHECK first.',
        from,
        column.type,
      ),
    );
  }
  return blockers;
}

function dependentBlockers(change: RenameColumn, table: TableFacts): string[] {
  const from = formatIdentifier(change.from);
  const uses = (each: { columns: string[] }): boolean => each.columns.includes(change.from);
  const { dependents } = table;
  const blockers: string[] = [];
  for (const generated of dependents.generatedColumns.filter(uses)) {
    if (generated.column === change.from) continue;
    blockers.push(
      t(
        'The generated column {0} is computed from {1}. Add one computed from the new name after expand and drop this one before the rename.',
        formatIdentifier(generated.column),
        from,
      ),
    );
  }
  for (const view of dependents.views.filter(
    (each) => uses(each) && each.kind === 'materialized-view' && each.depth === 1,
  )) {
    blockers.push(
      t(
        'The materialized view {0} reads {1} and cannot be given another query. Drop it, or replace it by one that reads a view, before the rename.',
        formatQualifiedName(view.name),
        from,
      ),
    );
  }
  for (const rule of dependents.rules.filter(uses)) {
    blockers.push(
      t(
        'The rule {0} uses {1}. Replace the rule by a trigger or drop it before the rename.',
        rule.name,
        from,
      ),
    );
  }
  for (const policy of dependents.policies.filter(uses)) {
    if (policy.table.schema === table.name.schema && policy.table.name === table.name.name) continue;
    blockers.push(
      t(
        'The policy {0} on {1} reads {2}. Make it read a view or a function before the rename.',
        policy.name,
        formatQualifiedName(policy.table),
        from,
      ),
    );
  }
  return blockers;
}

/** What a second column cannot take over without anybody noticing. */
function copyBlockers({ from }: RenameColumn, table: TableFacts): string[] {
  const name = formatIdentifier(from);
  const filtering = table.publications.filter((publication) => filtersBy(publication, from));
  return [
    ...deferrableUniqueBlockers(
      table,
      from,
      t(
        'Rename by a view, which needs no second column (--by-view), or make it not deferrable first (set-deferrable).',
      ),
    ),
    ...filtering.map((publication) =>
      t(
        'The publication {0} chooses rows by {1}, and what it chooses by cannot go. Publish the table without that row filter first.',
        formatIdentifier(publication.name),
        name,
      ),
    ),
    ...notEnforced(table, from).map((constraint) =>
      t(
        'The constraint {0} is not enforced, and a copy of it would be. Drop it before the rename and add it again after it, or rename by a view, which needs no second column (--by-view).',
        formatIdentifier(constraint),
      ),
    ),
  ];
}

/** The sequence of an identity goes with it, and another one takes its place. */
function sequenceBlockers({ copiedColumn }: Assessment): string[] {
  return (copiedColumn?.numbering ?? [])
    .filter(({ by, others }) => by === 'identity' && others.length > 0)
    .map(({ sequence, others }) =>
      t(
        'The sequence {0} is part of an identity column, and something else uses it, too: {1}. Give that a sequence of its own first.',
        formatQualifiedName(sequence),
        others.join(', '),
      ),
    );
}

/** CHECKs and foreign keys, in both directions, that nothing is held to (PostgreSQL 18). */
function notEnforced(table: TableFacts, column: string): string[] {
  const checks = table.constraints.filter(
    ({ kind, columns }) => kind === 'check' && columns.includes(column),
  );
  const keys = [
    ...table.foreignKeysOut.filter(({ fromColumns }) => fromColumns.includes(column)),
    ...table.foreignKeysIn.filter(({ toColumns }) => toColumns.includes(column)),
  ];
  const names = [...checks, ...keys]
    .filter(({ definition }) => / NOT ENFORCED(?: |$)/.test(definition))
    .map(({ name }) => name);
  return [...new Set(names)];
}

/**
 * The dual write runs after all other BEFORE triggers, so that the condition of one does not see what is written to the
 * new name. Where the application writes both, the old name falls behind for every trigger in the end.
 */
function triggerBlockers({ from }: RenameColumn, table: TableFacts, options?: PlanOptions): string[] {
  return table.triggers
    .filter(({ definition }) => {
      const condition = / WHEN (\(.*\)) EXECUTE (?:FUNCTION|PROCEDURE) /s.exec(definition)?.[1];
      if (condition === undefined || !mentionsIdentifier(condition, from)) return false;
      return options?.dualWrite === 'application' || / BEFORE /.test(definition);
    })
    .map(({ name }) =>
      t(
        'The trigger {0} looks at {1} in its condition (WHEN), before what is written under the new name is there. Move that condition into its function and make it look at both names, or rename by a view, which needs no second column (--by-view).',
        formatIdentifier(name),
        formatIdentifier(from),
      ),
    );
}

function inheritanceBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  if (table.partitionOf !== null) {
    return [
      t(
        '{0} is a partition of {1}. Plan the change on that table.',
        relation,
        formatQualifiedName(table.partitionOf),
      ),
    ];
  }
  if (table.inherits.length > 0 || table.inheritedBy.length > 0) {
    return [
      t(
        '{0} takes part in table inheritance, where triggers are not passed on. Turn it into partitions or detach the children first.',
        relation,
      ),
    ];
  }
  return [];
}
