import type { IndexPart } from '../../assess/change-facts';
import type { ConstraintFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import type { Exchanged, PartitionParts } from './partition-parts-copy';
import { migrationStep } from './plain-steps';
import { rightsAgain } from './rights-again';
import { constraintExists, regclass } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** Makes the partitioned table, empty, with all that the table has and that locks no other one. */
export function createPartitionedStep(parts: PartitionParts): StepDraft {
  const { table, next, facts } = parts;
  const name = formatQualifiedName(next);
  return migrationStep({
    slug: 'create-partitioned',
    title: t('Create {0} with its partitions', name),
    action: t(
      'It has the columns, defaults, checks, indexes, comments and rights of {0}, and no rows. Nobody knows it yet.',
      formatQualifiedName(table.name),
    ),
    forward: createPartitioned(parts),
    rollback: [`DROP TABLE ${name}`],
    holds: [
      `${regclass(next)} IS NOT NULL`,
      ...facts.partitions.map((partition) => `${regclass(partition.name)} IS NOT NULL`),
    ],
    expectation: t('There is {0}, with its partitions.', name),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** A step for each foreign key of the table: each locks the table it refers to, and no two of those are locked together. */
export function foreignKeyCopySteps({ table, next }: PartitionParts): StepDraft[] {
  const relation = formatQualifiedName(next);
  return table.foreignKeysOut.map((key) => {
    const quoted = formatIdentifier(key.name);
    const comment = table.constraints.find(({ name }) => name === key.name)?.comment ?? null;
    const to = formatQualifiedName(key.to);
    return migrationStep({
      slug: stepSlug(`reference ${key.name}`),
      title: t('Let {0} refer to {1}', relation, to),
      action: t('There are no rows to look at yet; {0} is locked against writes for a moment.', to),
      forward: [
        acceptFinding(
          'constraint-not-valid',
          t('the table has no rows yet'),
          `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${quoted} ${key.definition}`,
        ),
        ...(comment === null
          ? []
          : [`COMMENT ON CONSTRAINT ${quoted} ON ${relation} IS ${quoteLiteral(comment)}`]),
      ],
      rollback: [`ALTER TABLE ${relation} DROP CONSTRAINT ${quoted}`],
      holds: [constraintExists(next, key.name, true)],
      expectation: t('The constraint {0} is there.', key.name),
      forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table, key.to),
    });
  });
}

function createPartitioned(parts: PartitionParts): string[] {
  const { table, next, facts, change, major } = parts;
  const name = formatQualifiedName(next);
  const kept = [
    'DEFAULTS',
    'CONSTRAINTS',
    'GENERATED',
    'STORAGE',
    'COMMENTS',
    ...(major < 14 ? [] : ['COMPRESSION']),
  ];
  return [
    `CREATE TABLE ${name} (\n  LIKE ${formatQualifiedName(table.name)}\n  ${kept.map((each) => `INCLUDING ${each}`).join(' ')}\n) PARTITION BY ${change.partitionBy}`,
    ...(table.comment === null ? [] : [`COMMENT ON TABLE ${name} IS ${quoteLiteral(table.comment)}`]),
    ...table.columns.flatMap(({ name: column, statisticsTarget: target }) =>
      target === null || target < 0
        ? []
        : [`ALTER TABLE ${name} ALTER COLUMN ${formatIdentifier(column)} SET STATISTICS ${target}`],
    ),
    ...identities(parts),
    ...partitions(parts),
    ...parts.indexes.flatMap((index) => indexAgain(parts, index)),
    ...rightsAgain(`TABLE ${name}`, facts.rights),
  ];
}

function identities({ table, next, identities: all }: PartitionParts): string[] {
  return all.map(({ of, schema, next: name }) => {
    const column = table.columns.find((each) => each.name === of.column);
    const kind = column?.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';
    return (
      `ALTER TABLE ${formatQualifiedName(next)} ALTER COLUMN ${formatIdentifier(of.column)}\n` +
      `  ADD GENERATED ${kind} AS IDENTITY (SEQUENCE NAME ${formatQualifiedName({ schema, name })} ${of.options})`
    );
  });
}

function partitions({ table, next, facts }: PartitionParts): string[] {
  const storage =
    table.storageParameters.length === 0 ? '' : `\n  WITH (${table.storageParameters.join(', ')})`;
  return facts.partitions.flatMap(({ name, bound }) => [
    `CREATE TABLE ${formatQualifiedName(name)}\n  PARTITION OF ${formatQualifiedName(next)} ${bound}${storage}`,
    `ALTER TABLE ${formatQualifiedName(name)} OWNER TO ${formatIdentifier(facts.rights.owner)}`,
  ]);
}

function indexAgain(parts: PartitionParts, { of, schema, name, next }: Exchanged<IndexPart>): string[] {
  const relation = formatQualifiedName(parts.next);
  const constraint = parts.table.constraints.find(
    (each) => each.name === name && (each.kind === 'primary-key' || each.kind === 'unique'),
  );
  const index = formatQualifiedName({ schema, name: next });
  return [
    constraint ? addKey(relation, next, constraint, of) : createIndex(relation, next, of),
    ...(of.comment === null ? [] : [`COMMENT ON INDEX ${index} IS ${quoteLiteral(of.comment)}`]),
    ...(of.constraintComment === null
      ? []
      : [
          `COMMENT ON CONSTRAINT ${formatIdentifier(next)} ON ${relation} IS ${quoteLiteral(of.constraintComment)}`,
        ]),
  ];
}

/** Storage parameters stand before what a constraint says of deferral, and its definition leaves them out. */
function addKey(
  relation: string,
  name: string,
  { definition }: ConstraintFacts,
  { options }: IndexPart,
): string {
  const whole =
    options.length === 0
      ? definition
      : definition.replace(/(?= DEFERRABLE(?: INITIALLY DEFERRED)?$|$)/, ` WITH (${options.join(', ')})`);
  return `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${formatIdentifier(name)} ${whole}`;
}

function createIndex(relation: string, name: string, { definition }: IndexPart): string {
  const behind = definition.slice(definition.search(/ USING /));
  return `CREATE ${definition.startsWith('CREATE UNIQUE ') ? 'UNIQUE ' : ''}INDEX ${formatIdentifier(name)}\n  ON ${relation}${behind}`;
}
