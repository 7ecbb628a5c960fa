import type { IndexPart } from '../../assess/change-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexIsValid } from './index-copies';
import { buildPart, inTablespace, restorePart } from './index-parts';
import { locklessForecast } from './lockless-forecast';
import { eitherOneByOne } from './one-statement';
import { concurrentStep, migrationStep, type SqlStepParts } from './plain-steps';
import { regclass, silenced } from './sql-text';
import { buildStandIns, dropStandIns, standInOf, standInsFor, withoutStandIns } from './stand-in-index';
import type { StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** The step that drops the index, among those of its plan. */
export const dropIndexSlug = 'drop-index';

/** An index that goes. */
export interface DroppedIndex {
  table: TableFacts;
  name: QualifiedName;
}

/** An index that is of no use goes, and nothing brings it back. */
export function dropInvalid(drop: DroppedIndex): StepDraft {
  const rollback = { nothing: t('It was not valid and of no use; Switchback builds no invalid index.') };
  return drop.table.partitioning === null ? dropStep(drop, rollback) : dropWholeStep(drop, rollback);
}

/** The index of one table: first what its definition does not say, so that the way back builds it by one statement. */
export function dropPlain(drop: DroppedIndex, part: IndexPart): StepDraft[] {
  const remarks = restorePart(part);
  const step = dropStep(drop, [buildPart(part, part.name.name)]);
  return remarks.length === 0 ? [step] : [bareStep(drop, part, remarks), step];
}

/** The index of a partitioned table: stand-ins are built before, of which the way back makes it again. */
export function dropWhole(
  drop: DroppedIndex,
  parts: readonly IndexPart[],
  takenNames: readonly string[],
): StepDraft[] {
  const { table, name } = drop;
  const standIns = standInsFor(parts, new Set(takenNames));
  const again = joinedAgain(parts, standInOf(standIns));
  const steps = takenBackTogether(
    [...buildStandIns(table, standIns, `NOT ${indexIsThere(name)}`), dropWholeStep(drop, byTheFirst)],
    {
      alone: eitherOneByOne(indexIsValid(name), withoutStandIns(standIns), again, ['lock-order']),
      shared: again,
    },
  );
  return [...steps, ...dropStandIns(table, standIns)];
}

/** SQL that is true where there is such an index. */
export function indexIsThere(name: QualifiedName): string {
  return `(${regclass(name)} IS NOT NULL)`;
}

/**
 * Joined from below: what becomes complete under a whole locks that one last, against the order of everybody who writes.
 * The last statement makes it valid, so that a try that broke off goes on.
 */
function joinedAgain(parts: readonly IndexPart[], standIn: (part: IndexPart) => string): string[] {
  const leaves = parts.filter(({ leaf }) => leaf);
  const wholes = parts.filter(({ leaf }) => !leaf);
  return [
    ...leaves.map((part) => {
      const from = formatQualifiedName({ schema: part.name.schema, name: standIn(part) });
      return `ALTER INDEX IF EXISTS ${from} RENAME TO ${formatIdentifier(part.name.name)}`;
    }),
    ...wholes.flatMap((part) =>
      inTablespace(part, part.definition.replace(/^CREATE (?:UNIQUE )?INDEX /, '$&IF NOT EXISTS ')),
    ),
    ...parts.flatMap(restorePart),
    ...[...parts]
      .reverse()
      .flatMap(({ name, parent }) =>
        parent === null
          ? []
          : [`ALTER INDEX ${formatQualifiedName(parent)} ATTACH PARTITION ${formatQualifiedName(name)}`],
      ),
  ];
}

function bareStep({ table, name }: DroppedIndex, part: IndexPart, remarks: readonly string[]): StepDraft {
  const index = formatQualifiedName(name);
  const { comment, statistics, clustered } = part;
  return migrationStep({
    slug: 'bare-index',
    title: t('Take comment, statistics targets and clustering from {0}', formatIdentifier(name.name)),
    action: t('A step of its own, because the way back builds the index outside of a transaction.'),
    forward: [
      ...(comment === null ? [] : [`COMMENT ON INDEX ${index} IS NULL`]),
      ...statistics.map(({ column }) => `ALTER INDEX ${index} ALTER COLUMN ${column} SET STATISTICS -1`),
      ...(clustered ? [`ALTER TABLE ${formatQualifiedName(table.name)} SET WITHOUT CLUSTER`] : []),
    ],
    rollback: remarks,
    holds: [`NOT ${hasRemarks(name)}`],
    expectation: t('Nothing is said of {0} beside its definition.', name.name),
    forecast: clustered ? stepForecast('ShareUpdateExclusiveLock', 'catalog', table) : locklessForecast(),
  });
}

function hasRemarks(name: QualifiedName): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = ${regclass(name)}\n` +
    `     AND (i.indisclustered OR pg_catalog.obj_description(i.indexrelid, 'pg_class') IS NOT NULL\n` +
    `          OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)))`
  );
}

function dropStep(drop: DroppedIndex, rollback: SqlStepParts['rollback']): StepDraft {
  return concurrentStep({
    ...wordsOf(drop),
    action: t('Waits for the transactions that may use it, while others go on reading and writing.'),
    forward: [`DROP INDEX CONCURRENTLY ${formatQualifiedName(drop.name)}`],
    rollback,
    forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', drop.table),
  });
}

function dropWholeStep(drop: DroppedIndex, rollback: SqlStepParts['rollback']): StepDraft {
  return migrationStep({
    ...wordsOf(drop),
    action: t(
      'An index of a partitioned table goes at once, with those of its partitions, under a short lock.',
    ),
    forward: [
      silenced(
        'drop-index-not-concurrent',
        t('the index of a partitioned table cannot be dropped CONCURRENTLY'),
        `DROP INDEX ${formatQualifiedName(drop.name)}`,
      ),
    ],
    rollback,
    forecast: stepForecast('AccessExclusiveLock', 'catalog', drop.table),
  });
}

function wordsOf({ name }: DroppedIndex): Pick<SqlStepParts, 'slug' | 'title' | 'holds' | 'expectation'> {
  return {
    slug: dropIndexSlug,
    title: t('Drop the index {0}', formatIdentifier(name.name)),
    holds: [`NOT ${indexIsThere(name)}`],
    expectation: t('There is no index {0}.', name.name),
  };
}
