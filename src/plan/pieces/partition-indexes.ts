import type { ConstraintFacts, IndexFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { deferral } from './constraint-again';
import { indexIsValid } from './index-copies';
import { allInOne } from './one-statement';
import { concurrentStep, migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** An index that the partitioned table has and the table to attach lacks: ATTACH would build it under its lock. */
export interface MissingIndex {
  parent: IndexFacts;
  /** The constraint it belongs to. */
  constraint: ConstraintFacts | null;
  /** `USING btree (...) ...` */
  definition: string;
}

/** The indexes that ATTACH would build, as it looks for them: of the same definition, and of a constraint where one is. */
export function missingIndexes(parent: TableFacts, partition: TableFacts): MissingIndex[] {
  const used = new Set<IndexFacts>();
  // An invalid index of the parent counts too: it only waits for its partitions to have theirs.
  return parent.indexes.flatMap((index) => {
    const constraint = constraintOf(parent, index);
    const definition = definitionOf(index);
    const match = partition.indexes.find(
      (own) =>
        !used.has(own) &&
        own.valid &&
        own.unique === index.unique &&
        definitionOf(own) === definition &&
        (constraint === null || constraintOf(partition, own)?.kind === constraint.kind),
    );
    if (match) used.add(match);
    return match ? [] : [{ parent: index, constraint, definition }];
  });
}

/** The steps that build them while others go on working. */
export function missingIndexSteps(
  missing: readonly MissingIndex[],
  partition: TableFacts,
  takenNames: readonly string[],
): StepDraft[] {
  const taken = new Set([...takenNames, ...partition.constraints.map(({ name }) => name)]);
  return missing.flatMap((index) => {
    const name = freeName(`${partition.name.name}_${index.parent.name.name}`, '', taken);
    taken.add(name);
    return index.constraint === null
      ? [indexStep(index, name, partition)]
      : constraintSteps(index, index.constraint, name, partition);
  });
}

function indexStep(missing: MissingIndex, name: string, partition: TableFacts): StepDraft {
  const index = { schema: partition.name.schema, name };
  return concurrentStep({
    slug: stepSlug(`index ${name}`),
    title: t('Build the index {0}', formatIdentifier(name)),
    action: t(
      'ATTACH takes it for {0} instead of building one while everybody waits.',
      formatQualifiedName(missing.parent.name),
    ),
    forward: [build(missing, name, partition)],
    rollback: [`DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName(index)}`],
    holds: [indexIsValid(index)],
    expectation: t('The index {0} is valid.', name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', partition),
  });
}

/** Taken back together, because an index that has become a constraint goes with it. */
function constraintSteps(
  missing: MissingIndex,
  constraint: ConstraintFacts,
  name: string,
  partition: TableFacts,
): StepDraft[] {
  const relation = formatQualifiedName(partition.name);
  const own = formatIdentifier(name);
  const kind = constraint.kind === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE';
  const use = migrationStep({
    slug: stepSlug(`constraint ${name}`),
    title: t('Make {0} a constraint of {1}', own, relation),
    action: t('Takes the index that is there; no row is read.'),
    forward: [
      `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${own} ${kind} USING INDEX ${own}${deferral(constraint)}`,
    ],
    rollback: byTheFirst,
    holds: [constraintExists(partition.name, name, true)],
    expectation: t('The constraint {0} is there.', name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', partition),
  });
  const back = [
    `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${own}`,
    `DROP INDEX IF EXISTS ${formatQualifiedName({ schema: partition.name.schema, name })}`,
  ];
  return takenBackTogether([indexStep(missing, name, partition), use], {
    alone: allInOne(back),
    shared: back,
  });
}

function build({ parent, definition }: MissingIndex, name: string, partition: TableFacts): string {
  const unique = parent.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX CONCURRENTLY ${formatIdentifier(name)}\n  ON ${formatQualifiedName(partition.name)} ${definition}`;
}

function constraintOf(table: TableFacts, { constraint }: IndexFacts): ConstraintFacts | null {
  return table.constraints.find(({ name }) => constraint !== null && name === constraint) ?? null;
}

/** What follows the names in CREATE INDEX. */
function definitionOf({ definition }: IndexFacts): string {
  const name = '(?:"(?:[^"]|"")*"|[^\\s".]+)';
  return definition.replace(
    new RegExp(`^CREATE (?:UNIQUE )?INDEX ${name} ON (?:ONLY )?${name}(?:\\.${name})? `),
    '',
  );
}
