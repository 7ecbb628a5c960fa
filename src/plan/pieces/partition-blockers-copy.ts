import type { Assessment } from '../../assess/assessment';
import type { IncomingReference } from '../../assess/partition-references';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { partitionedKey } from './partition-parts-copy';

/** What stops a table from being partitioned, each with the way out. */
export function partitionTableBlockers({ table, partitionedTable, server }: Assessment): string[] {
  return [
    ...childBlockers(table),
    ...keyBlockers(table, partitionedTable?.keyColumns ?? []),
    ...constraintBlockers(table),
    ...(partitionedTable?.references ?? []).flatMap((key) =>
      referenceBlockers(key, table, partitionedTable?.keyColumns ?? [], server.major),
    ),
    ...makeBlockers(table),
    ...triggerBlockers(table, server.major),
    ...viewBlockers(table),
  ];
}

function keyBlockers(table: TableFacts, keyColumns: readonly string[]): string[] {
  const relation = formatQualifiedName(table.name);
  const columns = keyColumns.map(formatIdentifier).join(', ');
  if (partitionedKey(table, keyColumns) === null)
    return [
      t(
        'What is unique over partitions has to hold {0}, and no key of {1} without NULLs does. Give it such a primary key first (change-primary-key).',
        columns,
        relation,
      ),
    ];
  return table.indexes
    .filter(({ unique, columns: own }) => unique && !keyColumns.every((column) => own.includes(column)))
    .map(({ name }) =>
      t(
        '{0} keeps rows unique without {1}, which no index over partitions can. Drop it, or replace it by one with {1}, first.',
        formatIdentifier(name.name),
        columns,
      ),
    );
}

function constraintBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  return table.constraints.flatMap(({ name, kind, validated, definition }) => {
    const quoted = formatIdentifier(name);
    if (kind === 'exclusion')
      return [
        t('The exclusion constraint {0} cannot be over partitions. Drop it first (drop-constraint).', quoted),
      ];
    if (!validated)
      return [
        t(
          'The constraint {0} of {1} is NOT VALID, and the new table would refuse rows that are there. Validate or drop it first.',
          quoted,
          relation,
        ),
      ];
    if (kind === 'check' && / NO INHERIT$/.test(definition))
      return [
        t(
          'The constraint {0} is NO INHERIT, which a partitioned table cannot have. Add it without that first.',
          quoted,
        ),
      ];
    return [];
  });
}

/** https://www.postgresql.org/docs/release/15.0/ for what a row that moves does before PostgreSQL 15. */
function referenceBlockers(
  key: IncomingReference,
  table: TableFacts,
  keyColumns: readonly string[],
  major: number,
): string[] {
  const name = formatIdentifier(key.name);
  const from = formatQualifiedName(key.from);
  const relation = formatQualifiedName(table.name);
  if (from === relation)
    return [
      t(
        'The foreign key {0} makes rows of {1} refer to each other, and cannot go over to the partitioned table without reading all rows under a lock. Drop it first (drop-constraint), and add it again when the plan is done (add-foreign-key).',
        name,
        relation,
      ),
    ];
  const found: string[] = [];
  if (!keyColumns.every((column) => key.toColumns.includes(column)))
    found.push(
      t(
        'The foreign key {0} of {1} refers to {2} without {3}, and nothing is unique over partitions without that. Give {1} those columns and refer by them, too, or drop the foreign key first (drop-constraint).',
        name,
        from,
        relation,
        keyColumns.map(formatIdentifier).join(', '),
      ),
    );
  if (key.partitioned && major < 18)
    found.push(
      t(
        'The foreign key {0} is of {1}, which is partitioned, too, and PostgreSQL before 18 takes none as NOT VALID there: all its rows would be read under a lock. Drop it first (drop-constraint), and add it again when the plan is done (add-foreign-key).',
        name,
        from,
      ),
    );
  else if (key.ownNames.length > 0)
    found.push(
      t(
        'The foreign key {0} of {1} has another name or a comment in some partitions, which would not come back: {2}. Give it the same name there and no comment, or drop it first (drop-constraint).',
        name,
        from,
        key.ownNames.join(', '),
      ),
    );
  if (/ NOT ENFORCED(?: |$)/.test(key.definition))
    found.push(
      t(
        'The foreign key {0} of {1} is not enforced, and another cannot take its place step by step. Drop it first, and add it again when the plan is done.',
        name,
        from,
      ),
    );
  if (!key.mayAlter)
    found.push(
      t(
        'The foreign key {0} is of {1}, which belongs to {2}, and the user may not alter it. Connect as a user who may alter both.',
        name,
        from,
        key.owner,
      ),
    );
  const actions = [key.onDelete, key.onUpdate].filter((action) => !/^(?:NO ACTION|RESTRICT)$/.test(action));
  if (major < 15 && actions.length > 0)
    found.push(
      t(
        'The foreign key {0} of {1} does more than refuse ({2}), and before PostgreSQL 15 an UPDATE that moves a row to another partition does what is said for DELETE. Upgrade first, or replace it by one with NO ACTION.',
        name,
        from,
        actions.join(', '),
      ),
    );
  return found;
}

function makeBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  const invalid = table.indexes.filter(({ valid }) => !valid).map(({ name }) => formatIdentifier(name.name));
  return [
    ...(table.inheritedBy.length > 0
      ? [t('{0} has children by INHERITS, whose rows would stay. End the inheritance first.', relation)]
      : []),
    ...(table.persistence === 'permanent'
      ? []
      : [
          t('{0} is not logged, and a partitioned table is. Run ALTER TABLE {0} SET LOGGED first.', relation),
        ]),
    ...(table.rowSecurity.enabled || table.rowSecurity.policies.length > 0
      ? [
          t(
            '{0} has row security, which this plan does not carry over. Drop the policies first (set-row-security), and set them up again when the plan is done.',
            relation,
          ),
        ]
      : []),
    ...(table.replicaIdentity === 'default'
      ? []
      : [
          t(
            '{0} has a replica identity of its own, which partitions would not have. Set it to the default first (set-replica-identity).',
            relation,
          ),
        ]),
    ...table.publications.map(({ name }) =>
      t(
        'The publication {0} sends {1} to subscribers, who would get the rows twice or not at all. Take it out of the publication first, and see what they do without it.',
        formatIdentifier(name),
        relation,
      ),
    ),
    ...invalid.map((name) => t('The index {0} is not valid. Drop it, or build it again, first.', name)),
  ];
}

function triggerBlockers(table: TableFacts, major: number): string[] {
  return table.triggers.flatMap(({ name, definition }) => {
    const quoted = formatIdentifier(name);
    const head = definition.slice(0, definition.indexOf(' EXECUTE '));
    if (
      /^CREATE CONSTRAINT TRIGGER /.test(definition) ||
      (/ REFERENCING /.test(head) && / FOR EACH ROW/.test(head))
    )
      return [
        t(
          'The trigger {0} is of a kind that a partitioned table cannot have. Replace it by a plain trigger for each row first.',
          quoted,
        ),
      ];
    if (major < 13 && / BEFORE /.test(head) && / FOR EACH ROW/.test(head))
      return [
        t(
          'The trigger {0} runs before rows are written, which partitioned tables have from PostgreSQL 13 on. Upgrade first, or drop it.',
          quoted,
        ),
      ];
    return [];
  });
}

function viewBlockers(table: TableFacts): string[] {
  return table.dependents.views
    .filter(({ depth, kind }) => depth === 1 && kind === 'materialized-view')
    .map(({ name }) =>
      t(
        'The materialized view {0} reads {1}, and would go on reading the table before. Drop it first, and make it again when the plan is done.',
        formatQualifiedName(name),
        formatQualifiedName(table.name),
      ),
    );
}
