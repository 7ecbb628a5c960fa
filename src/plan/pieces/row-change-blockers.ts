import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { backfillWalk } from './walk';

/** What stops changing or deleting rows that have to be found again by a key; `written`: columns whose values change. */
export function rowChangeBlockers(table: TableFacts, written: readonly string[]): string[] {
  const relation = formatQualifiedName(table.name);
  const blockers = childBlockers(table);
  if (table.inheritedBy.length > 0) {
    blockers.push(
      t(
        '{0} has children by INHERITS, in which a key may be there twice. Plan the change for each table after the inheritance has ended.',
        relation,
      ),
    );
  }
  if (backfillWalk(table, written).by === 'ctid') {
    blockers.push(
      written.length === 0
        ? t('No key tells the rows of {0} apart. Add a primary key first.', relation)
        : t(
            'No key tells the rows of {0} apart without {1}, so that the old values could not be given back. Add a primary key first.',
            relation,
            written.map((column) => formatIdentifier(column)).join(', '),
          ),
    );
  }
  return [...blockers, ...replicationBlockers(table)];
}

/** https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY */
function replicationBlockers(table: TableFacts): string[] {
  const isNamed =
    table.replicaIdentity === 'full' ||
    table.replicaIdentity === 'index' ||
    (table.replicaIdentity === 'default' && table.primaryKey !== null);
  if (table.publications.length === 0 || isNamed) return [];
  return [
    t(
      '{0} is published without a replica identity, so that PostgreSQL refuses to change or delete its rows. Plan "set-replica-identity" first.',
      formatQualifiedName(table.name),
    ),
  ];
}

/** The triggers that run for each row that changes so, for a note; `event`: a word of CREATE TRIGGER. */
export function firingTriggers(table: TableFacts, event: 'UPDATE' | 'DELETE' | 'INSERT'): string[] {
  return table.triggers
    .filter(({ enabled }) => enabled === 'origin' || enabled === 'always')
    .filter(({ definition }) =>
      new RegExp(`^CREATE .*? (?:BEFORE|AFTER) [^()]*?\\b${event}\\b.*? ON `, 's').test(definition),
    )
    .map(({ name }) => formatIdentifier(name));
}
