import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { movableKey } from './move-to-database-parts';
import { childBlockers } from './partition-blocker';

/** What stops a table from going to another database, each with the way out. */
export function databaseMoveBlockers(table: TableFacts): string[] {
  return [
    ...childBlockers(table),
    ...shapeBlockers(table),
    ...columnBlockers(table),
    ...foreignKeyBlockers(table),
    ...dependentBlockers(table),
    ...publicationBlockers(table),
  ];
}

function shapeBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  return [
    ...(table.partitioning === null
      ? []
      : [
          t(
            '{0} is partitioned, and what writes of it carries waits for the end of the transaction, which is for plain tables. Move its partitions one by one after detaching them (detach-partition).',
            relation,
          ),
        ]),
    ...(table.inheritedBy.length > 0
      ? [t('{0} has children by INHERITS, whose rows would stay. End the inheritance first.', relation)]
      : []),
    ...(table.rowSecurity.enabled || table.rowSecurity.policies.length > 0
      ? [
          t(
            '{0} has row security, and the other database would be asked for all rows. Drop the policies first (set-row-security), and set them up there.',
            relation,
          ),
        ]
      : []),
    ...(table.replicaIdentity === 'default' || table.replicaIdentity === 'index'
      ? []
      : [
          t(
            '{0} has a replica identity that no key makes. Set it to the default first (set-replica-identity).',
            relation,
          ),
        ]),
  ];
}

function columnBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  return [
    ...(movableKey(table) === null
      ? [
          t(
            'Rows are known there by a key without NULLs, of types of PostgreSQL itself and without a collation of its own, and {0} has none. Give it one first (add-primary-key).',
            relation,
          ),
        ]
      : []),
    ...table.columns
      .filter(({ generated }) => generated !== null)
      .map(({ name }) =>
        t(
          '{0} of {1} is generated, and postgres_fdw would write its value there. Drop it first (drop-column), and add it there when the plan is done.',
          formatIdentifier(name),
          relation,
        ),
      ),
  ];
}

function foreignKeyBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  const own = table.foreignKeysOut.map(({ name, to }) =>
    t(
      'The foreign key {0} of {1} points at {2}, which no key does from another database. Drop it first (drop-constraint), and let the application keep it.',
      formatIdentifier(name),
      relation,
      formatQualifiedName(to),
    ),
  );
  const others = table.foreignKeysIn
    .filter(({ from }) => formatQualifiedName(from) !== relation)
    .map(({ name, from }) =>
      t(
        'The foreign key {0} of {1} points at {2}, which no key does into another database. Drop it first (drop-constraint), and let the application keep it.',
        formatIdentifier(name),
        formatQualifiedName(from),
        relation,
      ),
    );
  return [...own, ...others];
}

function dependentBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  return [
    ...table.triggers.map(({ name }) =>
      t(
        'The trigger {0} of {1} would not run for what is written in the other database. Let the application do what it does, or the other database for its own writes, and drop it first.',
        formatIdentifier(name),
        relation,
      ),
    ),
    ...table.dependents.views
      .filter(({ depth }) => depth === 1)
      .map(({ name }) =>
        t(
          'The view {0} reads {1}, and would go on reading the table before. Drop it first; made again after the exchange it reads the other database.',
          formatQualifiedName(name),
          relation,
        ),
      ),
  ];
}

function publicationBlockers(table: TableFacts): string[] {
  return table.publications.map(({ name }) =>
    t(
      'The publication {0} sends {1} to subscribers, who would get nothing of it from the exchange on. Let them subscribe to the other database, and take the table out of the publication first.',
      formatIdentifier(name),
      formatQualifiedName(table.name),
    ),
  );
}
