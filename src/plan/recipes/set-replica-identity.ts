import type { Assessment } from '../../assess/assessment';
import { identityWords, type SetReplicaIdentity } from '../../assess/changes/set-replica-identity';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { filtersBy } from '../pieces/row-filter';
import { regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Sets what logical replication names an old row by: a change of the catalog that touches no row. */
export const setReplicaIdentityRecipe: Recipe<SetReplicaIdentity> = {
  id: 'set-replica-identity',
  blockers,
  phases: ({ change, assessment }) => {
    const { table } = assessment;
    const relation = formatQualifiedName(table.name);
    const alter = `ALTER TABLE ${relation} REPLICA IDENTITY`;
    const index = assessment.replicaIdentity?.index ?? null;
    const step = migrationStep({
      slug: 'set-replica-identity',
      title: t('Set the replica identity of {0} to {1}', relation, identityWords(change)),
      action: t(
        'Every UPDATE and DELETE from now on logs that much of the old row. No row is read or written.',
      ),
      forward: [`${alter} ${identityWords(change)}`],
      rollback: [`${alter} ${identityWords({ identity: table.replicaIdentity, index })}`],
      holds: [holds(change, table)],
      expectation: t('The replica identity is {0}.', identityWords(change)),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('The table has its new replica identity.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
      notes: notes(change),
    });
  },
};

function holds({ identity, index }: SetReplicaIdentity, { name }: TableFacts): string {
  if (identity !== 'index')
    return `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(name)} AND relreplident = ${quoteLiteral(identity[0]!)})`;
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid = ${regclass(name)} AND indisreplident ` +
    `AND indexrelid = ${regclass({ schema: name.schema, name: index ?? '' })})`
  );
}

function notes({ identity }: SetReplicaIdentity): string[] {
  if (identity !== 'full') return [];
  return [
    t(
      'With FULL every UPDATE and DELETE logs the whole old row, and a subscriber without a fitting index reads its whole table for each. Watch the size of the log.',
    ),
  ];
}

/** https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY */
function blockers(change: SetReplicaIdentity, assessment: Assessment): string[] {
  const { table } = assessment;
  const relation = formatQualifiedName(table.name);
  if (table.partitioning !== null)
    return [
      t(
        '{0} is partitioned, and each partition has a replica identity of its own. Plan it for each of these: {1}.',
        relation,
        table.partitioning.leaves.map(formatQualifiedName).join(', ') || '-',
      ),
    ];
  return publicationBlockers(change, assessment);
}

function publicationBlockers(
  change: SetReplicaIdentity,
  { table, replicaIdentity, server }: Assessment,
): string[] {
  const relation = formatQualifiedName(table.name);
  const publications = table.publications.filter(({ name }) => replicaIdentity?.publishing.includes(name));
  const names = publications.map(({ name }) => formatIdentifier(name)).join(', ');
  if (publications.length === 0) return [];
  const identity = change.identity === 'index' ? replicaIdentity!.key : identityColumns(change, table);
  if (identity.length === 0)
    return [
      t(
        '{0} is published with its updates or deletes by {1}, and without an identity every UPDATE and DELETE would fail. Choose an index or FULL, or leave the publication first.',
        relation,
        names,
      ),
    ];
  const generated = table.columns.filter(({ name, generated: by }) => by !== null && identity.includes(name));
  if (generated.length > 0 && server.major >= 18)
    return [
      t(
        'The generated column {0} would be part of the identity, and UPDATE fails where {1} does not publish it. Choose an index without it.',
        generated.map(({ name }) => formatIdentifier(name)).join(', '),
        names,
      ),
    ];
  return publications.flatMap((publication) => {
    const { name, columns } = publication;
    const unpublished = columns === null ? [] : identity.filter((column) => !columns.includes(column));
    const outside = table.columns
      .map((column) => column.name)
      .filter((column) => !identity.includes(column) && filtersBy(publication, column));
    const wrong = [...unpublished, ...outside];
    if (wrong.length === 0) return [];
    return [
      t(
        'UPDATE and DELETE on {0} would fail: the columns of the publication {1} or its row filter do not fit the identity at {2}. Change the publication first.',
        relation,
        formatIdentifier(name),
        wrong.map(formatIdentifier).join(', '),
      ),
    ];
  });
}

function identityColumns({ identity }: SetReplicaIdentity, table: TableFacts): string[] {
  switch (identity) {
    case 'nothing':
    case 'index':
      return [];
    case 'default':
      return table.primaryKey ?? [];
    case 'full':
      return table.columns.map(({ name }) => name);
  }
}
