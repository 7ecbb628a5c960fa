import type { Assessment } from '../../assess/assessment';
import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { missingIndexes } from './partition-indexes';

/** What stops attaching a table to a partitioned one, each with the way out. */
export function attachBlockers({ table, partition }: Assessment): string[] {
  if (partition === undefined) return [];
  const { facts } = partition;
  return [
    ...kindBlockers(facts),
    ...shapeBlockers(table, facts),
    ...unprovedBlockers(table, facts),
    ...triggerBlockers(table, facts),
    ...keyBlockers(table, facts),
  ];
}

function kindBlockers(facts: TableFacts): string[] {
  const own = formatQualifiedName(facts.name);
  const blockers: string[] = [];
  if (facts.kind !== 'table')
    blockers.push(
      t(
        '{0} is no plain table. Only a plain table is attached by this plan; attach its parts one by one.',
        own,
      ),
    );
  if (facts.persistence === 'temporary')
    blockers.push(t('{0} is a temporary table and goes with its session. Choose a permanent one.', own));
  if (!facts.mayAlter) blockers.push(t('{0} belongs to {1}. Connect as its owner.', own, facts.owner));
  if (facts.partitionOf !== null)
    blockers.push(
      t('{0} is a partition of {1}. Detach it there first.', own, formatQualifiedName(facts.partitionOf)),
    );
  if (facts.inherits.length > 0 || facts.inheritedBy.length > 0)
    blockers.push(t('{0} takes part in inheritance, which a partition must not. Use NO INHERIT first.', own));
  return blockers;
}

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION */
function shapeBlockers(table: TableFacts, facts: TableFacts): string[] {
  const [own, relation] = [formatQualifiedName(facts.name), formatQualifiedName(table.name)];
  const blockers: string[] = [];
  const different = table.columns.filter(({ name }) => !facts.columns.some((column) => column.name === name));
  const more = facts.columns.filter(({ name }) => !table.columns.some((column) => column.name === name));
  if (different.length + more.length > 0)
    blockers.push(
      t(
        '{0} and {1} have to have the same columns, and these are in one of them only: {2}. Add or drop them first.',
        own,
        relation,
        [...different, ...more].map(({ name }) => formatIdentifier(name)).join(', '),
      ),
    );
  const unlike = table.columns.filter((column) =>
    facts.columns.some((each) => each.name === column.name && !isAlike(column, each)),
  );
  if (unlike.length > 0)
    blockers.push(
      t(
        'These columns of {0} differ from those of {1} in type, collation, NOT NULL, or in how the server supplies them: {2}. Make them alike first; NOT NULL has a plan of its own.',
        own,
        relation,
        unlike.map(({ name }) => formatIdentifier(name)).join(', '),
      ),
    );
  const lacking = table.constraints.filter(
    (constraint) =>
      constraint.kind === 'check' &&
      !facts.constraints.some(
        (each) =>
          each.kind === 'check' &&
          each.name === constraint.name &&
          each.definition.replace(/ NOT VALID$/, '') === constraint.definition.replace(/ NOT VALID$/, ''),
      ),
  );
  if (lacking.length > 0)
    blockers.push(
      t(
        '{0} lacks these checks of {1}: {2}. Add them under the same names first, NOT VALID and then validated.',
        own,
        relation,
        lacking.map(({ name }) => formatIdentifier(name)).join(', '),
      ),
    );
  return blockers;
}

/** ATTACH takes over only what holds for every row, and for what inherits (MergeConstraintsIntoExisting). */
function unprovedBlockers(table: TableFacts, facts: TableFacts): string[] {
  const own = formatQualifiedName(facts.name);
  const required = new Set(table.columns.filter(({ notNull }) => notNull).map(({ name }) => name));
  const checks = new Set(table.constraints.filter(({ kind }) => kind === 'check').map(({ name }) => name));
  const met = facts.constraints.filter(
    ({ kind, name, columns: [column] }) =>
      (kind === 'check' && checks.has(name)) || (kind === 'not-null' && required.has(column ?? '')),
  );
  return met.flatMap(({ name, validated, definition }) => {
    if (!validated)
      return [
        t(
          '{0} of {1} is NOT VALID, and ATTACH refuses it so. Run this first, which lets others read and write: {2}',
          formatIdentifier(name),
          own,
          `ALTER TABLE ${own} VALIDATE CONSTRAINT ${formatIdentifier(name)}`,
        ),
      ];
    if (!/ NO INHERIT$/.test(definition)) return [];
    return [
      t(
        '{0} of {1} is NO INHERIT, and ATTACH refuses it so. Make it again without that first.',
        formatIdentifier(name),
        own,
      ),
    ];
  });
}

/** Row triggers of the whole are made at the partition, and no row trigger of a partition sees transition tables. */
function triggerBlockers(table: TableFacts, facts: TableFacts): string[] {
  const own = formatQualifiedName(facts.name);
  const given = new Set(
    table.triggers.filter(({ definition }) => isOfRows(definition)).map(({ name }) => name),
  );
  return facts.triggers.flatMap(({ name, definition }) => [
    ...(given.has(name)
      ? [
          t(
            'The trigger {0} is at {1} and at {2}, whose own would be made at the partition too. Rename or drop the one of {1} first.',
            formatIdentifier(name),
            own,
            formatQualifiedName(table.name),
          ),
        ]
      : []),
    ...(isOfRows(definition) && / REFERENCING (?:OLD|NEW) TABLE /.test(definition)
      ? [
          t(
            'The trigger {0} of {1} runs for each row with a transition table, which a partition must not have. Make it FOR EACH STATEMENT or drop it first.',
            formatIdentifier(name),
            own,
          ),
        ]
      : []),
  ]);
}

function isOfRows(definition: string): boolean {
  return definition.includes(' FOR EACH ROW ');
}

function isAlike(parent: ColumnFacts, own: ColumnFacts): boolean {
  return (
    parent.type === own.type &&
    parent.collation === own.collation &&
    (own.notNull || !parent.notNull) &&
    own.identity === null &&
    parent.generated?.kind === own.generated?.kind &&
    parent.generated?.expression === own.generated?.expression
  );
}

function keyBlockers(table: TableFacts, facts: TableFacts): string[] {
  const [own, relation] = [formatQualifiedName(facts.name), formatQualifiedName(table.name)];
  const blockers: string[] = [];
  const keys = table.foreignKeysOut.filter(
    (key) => !facts.foreignKeysOut.some((each) => each.validated && each.definition === key.definition),
  );
  if (keys.length > 0)
    blockers.push(
      t(
        'ATTACH would check these foreign keys of {0} on every row while everybody waits: {1}. Add the same to {2} first, NOT VALID and then validated.',
        relation,
        keys.map(({ definition }) => definition).join('; '),
        own,
      ),
    );
  const missing = missingIndexes(table, facts);
  const excluding = missing.filter(({ constraint }) => constraint?.kind === 'exclusion');
  if (excluding.length > 0)
    blockers.push(
      t(
        'The exclusion constraint {0} cannot be built while others write. Add it to {1} in a maintenance window first.',
        excluding.map(({ parent }) => formatIdentifier(parent.name.name)).join(', '),
        own,
      ),
    );
  if (facts.primaryKey !== null && missing.some(({ parent }) => parent.primary))
    blockers.push(
      t('{0} has another primary key than {1}, and a table has only one. Drop it first.', own, relation),
    );
  return blockers;
}
