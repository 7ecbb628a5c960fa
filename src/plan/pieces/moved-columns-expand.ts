import type { ColumnFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { indexSteps } from './concurrent-index';
import { foreignKeySteps } from './foreign-key-steps';
import { createCarry, createPull, dropCarry, dropPull, isRunning } from './moved-columns-mirror';
import type { MovedColumnsParts, MovedConstraint, MovedIndex } from './moved-columns-parts';
import { oneByOne } from './one-statement';
import { migrationStep } from './plain-steps';
import { columnExists, constraintExists, sqlScript } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';
import { constraintInTwoSteps } from './validated-constraint';
import { wholeFirst } from './whole-first';

/** The other table gets the columns with their rules, and follows every write from then on. */
export function movedColumnsExpand(parts: MovedColumnsParts): StepDraft[] {
  return [
    addStep(parts),
    ...parts.checks.flatMap((check) => checkSteps(parts, check)),
    ...parts.indexes.flatMap((index) => movedIndexSteps(parts, index)),
    ...parts.foreignKeys.flatMap((key) => referenceSteps(parts, key)),
    // Before the other one, which would leave values behind in a row that is not referred to any more.
    carryStep(parts),
    pullStep(parts),
  ];
}

/** Rules that judge a type, by how it begins. */
const typeRules: readonly [RegExp, string][] = [
  [/^character\(/, 'char-type'],
  [/^json\b/, 'json-column'],
  [/^timestamp\b.* without time zone/, 'timestamp-without-time-zone'],
];

function addStep({ table, target, columns }: MovedColumnsParts): StepDraft {
  const relation = formatQualifiedName(target.name);
  const names = columns.map(({ name }) => formatIdentifier(name)).join(', ');
  const each = (verb: (column: ColumnFacts) => string): string => columns.map(verb).join(',\n');
  return migrationStep({
    slug: 'add-columns',
    title: t('Add {0} to {1}', names, relation),
    action: t('No row is read or written. Values are not required, and there is no default, yet.'),
    forward: [
      acceptFinding(
        typeRules
          .filter(([pattern]) => columns.some(({ type }) => pattern.test(type)))
          .map(([, rule]) => rule)
          .join(', ') || null,
        t('the types are those that the columns have'),
        `ALTER TABLE ${relation}\n${each(({ name, type, collation }) => `  ADD COLUMN ${formatIdentifier(name)} ${type}${collation === null ? '' : ` COLLATE ${collation}`}`)}`,
      ),
      ...columns
        .filter(({ comment }) => comment !== null)
        .map(
          ({ name, comment }) =>
            `COMMENT ON COLUMN ${relation}.${formatIdentifier(name)} IS ${quoteLiteral(comment!)}`,
        ),
      ...columns
        .filter(({ statisticsTarget }) => statisticsTarget !== null && statisticsTarget >= 0)
        .map(
          ({ name, statisticsTarget }) =>
            `ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(name)} SET STATISTICS ${statisticsTarget!}`,
        ),
      ...table.privileges
        .filter(({ column }) => columns.some(({ name }) => name === column))
        .map(
          ({ privilege, column, grantee, grantable }) =>
            `GRANT ${privilege} (${formatIdentifier(column!)}) ON ${relation} TO ` +
            `${grantee === 'public' ? 'PUBLIC' : formatIdentifier(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`,
        ),
    ],
    rollback: [`ALTER TABLE ${relation}\n${each(({ name }) => `  DROP COLUMN ${formatIdentifier(name)}`)}`],
    holds: columns.map(({ name }) => columnExists(target.name, name)),
    expectation: t('{0} has {1}.', relation, names),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', target),
  });
}

function checkSteps(parts: MovedColumnsParts, check: MovedConstraint): StepDraft[] {
  const { target } = parts;
  const { definition } = check.constraint;
  const lock = 'AccessExclusiveLock';
  return commented(
    parts,
    check,
    constraintInTwoSteps({ table: target, on: target.name, name: check.name, definition, lock }),
  );
}

function referenceSteps(parts: MovedColumnsParts, key: MovedConstraint): StepDraft[] {
  const { table, target, indexed, assessment } = parts;
  const { to: references, fromColumns } = table.foreignKeysOut.find(
    ({ name }) => name === key.constraint.name,
  )!;
  const steps = foreignKeySteps({
    table: target,
    partitions: indexed.partitions,
    references,
    name: key.name,
    definition: key.constraint.definition,
    serverMajor: assessment.server.major,
  });
  const isIndexed = table.indexes.some(
    ({ valid, columns }) =>
      valid && fromColumns.every((column) => columns.slice(0, fromColumns.length).includes(column)),
  );
  const rule = isIndexed ? null : 'foreign-key-without-index';
  return commented(
    parts,
    key,
    steps.map((step) =>
      step.kind === 'migration' && step.forward.includes('FOREIGN KEY')
        ? { ...step, forward: acceptFinding(rule, t('there was none where it comes from'), step.forward) }
        : step,
    ),
  );
}

/** Each is built while the columns are empty, and refuses from then on what is refused where they come from. */
function movedIndexSteps(parts: MovedColumnsParts, { index, constraint }: MovedIndex): StepDraft[] {
  const built = indexSteps(parts.indexed, index);
  if (constraint === null) return built;
  const relation = formatQualifiedName(parts.target.name);
  const name = formatIdentifier(index.name);
  const step = migrationStep({
    slug: stepSlug(`unique ${index.name}`),
    title: t('Make the index {0} a UNIQUE constraint', name),
    action: t('The index is there already; nothing is built.'),
    forward: [`ALTER TABLE ${relation}\n  ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}`],
    rollback: byTheFirst,
    holds: [constraintExists(parts.target.name, index.name, false)],
    expectation: t('The constraint {0} is there.', index.name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', parts.target),
  });
  const back = [
    `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${name}`,
    // A try that broke off leaves the index alone.
    `DROP INDEX IF EXISTS ${formatQualifiedName({ schema: parts.target.name.schema, name: index.name })}`,
  ];
  return takenBackTogether([...built, ...commented(parts, { constraint, name: index.name }, [step])], {
    alone: oneByOne(back),
    shared: back,
  });
}

/** The last of the steps gives the constraint its comment, too. */
function commented(
  { target }: MovedColumnsParts,
  { constraint, name }: MovedConstraint,
  steps: StepDraft[],
): StepDraft[] {
  const { comment } = constraint;
  if (comment === null) return steps;
  const remark = `COMMENT ON CONSTRAINT ${formatIdentifier(name)} ON ${formatQualifiedName(target.name)} IS ${quoteLiteral(comment)}`;
  return steps.map((step, place) =>
    place === steps.length - 1 && step.kind === 'migration'
      ? { ...step, forward: `${step.forward}\n${sqlScript([remark])}` }
      : step,
  );
}

function pullStep({ table, target, mirror }: MovedColumnsParts): StepDraft {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  return migrationStep({
    slug: 'fill-on-write',
    title: t('Fill rows of {0} as they are written', to),
    action: t('From now on a trigger gives a row that is updated the values it has in {0}.', relation),
    forward: [...writersFirst(target), ...createPull(mirror)],
    rollback: [...wholeFirst(target), ...dropPull(mirror)],
    holds: [isRunning(mirror.pull)],
    expectation: t('The trigger is there.'),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', target, mirror.pull.on[0]),
  });
}

function carryStep({ table, target, mirror }: MovedColumnsParts): StepDraft {
  const [relation, to] = [formatQualifiedName(table.name), formatQualifiedName(target.name)];
  return migrationStep({
    slug: 'mirror-writes',
    title: t('Carry writes of {0} to {1}', relation, to),
    action: t(
      'From now on triggers carry what is written to {0} to the row that it refers to, in the same transaction.',
      relation,
    ),
    forward: [...writersFirst(table), ...createCarry(mirror)],
    rollback: [...wholeFirst(table), ...dropCarry(mirror)],
    holds: [isRunning(mirror.take), isRunning(mirror.carry)],
    expectation: t('The triggers are there.'),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table),
  });
}

/** Who writes through a partitioned table locks it before its partitions, some of which get triggers of their own. */
function writersFirst({ name, partitioning }: TableFacts): string[] {
  if (partitioning === null) return [];
  return [`LOCK TABLE ${formatQualifiedName(name)} IN SHARE ROW EXCLUSIVE MODE`];
}
