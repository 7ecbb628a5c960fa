import type { Assessment } from '../../assess/assessment';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptInFile } from './accepted-in-file';
import {
  attachKey,
  builtAgain,
  foreignKeyFromBelow,
  isBuiltBeside,
  isJoined,
  keyAccepts,
  keyRemarks,
  provedAgain,
  unprovedAgain,
  validate,
} from './constraint-again';
import { allInOne, eitherInOne, oneByOne } from './one-statement';
import { concurrentStep, migrationStep, type SqlStepParts } from './plain-steps';
import { constraintExists, silenced } from './sql-text';
import { buildStandIns, dropStandIns, standInOf, standInsFor, withoutStandIns } from './stand-in-index';
import type { StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** The step that drops the constraint, among those of its plan. */
export const dropConstraintSlug = 'drop-constraint';

/** A constraint that goes, and what is said of the step. */
export interface DroppedConstraint extends Pick<SqlStepParts, 'title' | 'action' | 'holds' | 'expectation'> {
  table: TableFacts;
  constraint: ConstraintFacts;
}

type Parts = Pick<Assessment, 'constraintParts' | 'indexParts' | 'takenNames'>;

/** The step that drops it where nothing brings it back as it was. */
export function dropForGood(drop: DroppedConstraint, why: string): StepDraft {
  return dropStep(drop, { noReturn: why });
}

/** The steps that drop it, each with one thing to do on the way back. */
export function dropWithWayBack(drop: DroppedConstraint, parts: Parts): StepDraft[] {
  const { constraint } = drop;
  const { constraintParts = [], indexParts } = parts;
  if (indexParts !== undefined) {
    return isBuiltBeside(constraint, indexParts)
      ? dropKey(drop, parts)
      : [dropStep(drop, builtAgain(constraint, indexParts))];
  }
  if (constraintParts.every(({ validated }) => !validated))
    return [dropStep(drop, unprovedAgain(constraint, constraintParts))];
  return isJoined(constraint, constraintParts) ? [dropJoined(drop, parts)] : dropProved(drop, parts);
}

/** A stand-in is built before, because on the way back an index has to be there already. */
function dropKey(drop: DroppedConstraint, { indexParts = [], takenNames = [] }: Parts): StepDraft[] {
  const { table, constraint } = drop;
  const standIns = standInsFor(indexParts, new Set(takenNames));
  const isThere = constraintExists(table.name, constraint.name, false);
  const again = [
    ...attachKey(constraint, indexParts, standInOf(standIns)),
    ...indexParts.flatMap(keyRemarks),
  ];
  const steps = takenBackTogether(
    [...buildStandIns(table, standIns, `NOT ${isThere}`), dropStep(drop, byTheFirst)],
    {
      alone: eitherInOne(
        isThere,
        withoutStandIns(standIns),
        [...lockWhole(table), ...again],
        keyAccepts(table),
      ),
      shared: again,
    },
  );
  return [...steps, ...dropStandIns(table, standIns)];
}

/** The whole first, as everybody does who goes through it to its partitions. */
function lockWhole({ name, partitioning }: TableFacts): string[] {
  return partitioning === null
    ? []
    : [`LOCK TABLE ONLY ${formatQualifiedName(name)} IN ACCESS EXCLUSIVE MODE`];
}

/** Two steps, so that the way back proves it while others go on working. */
function dropProved(drop: DroppedConstraint, { constraintParts = [] }: Parts): StepDraft[] {
  const { table, constraint } = drop;
  const { unproved, proved } = provedAgain(constraint, constraintParts);
  const name = formatIdentifier(constraint.name);
  const first = proved[0]!;
  const unprove = migrationStep({
    slug: 'unprove-constraint',
    title: t('Hold {0} for new rows only', name),
    action: t(
      'A step of its own, so that the way back can prove it on every row while others go on working.',
    ),
    forward: unproved,
    rollback: proved.map(validate),
    holds: [`NOT ${constraintExists(first.table, first.name, true)}`],
    expectation: t('The constraint {0} is not proved.', first.name),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
  return [unprove, dropStep(drop, unproved)];
}

/** The way back takes several transactions, so that no more than one partition is locked at a time. */
function dropJoined(drop: DroppedConstraint, { constraintParts = [] }: Parts): StepDraft {
  const { table, constraint, ...words } = drop;
  return concurrentStep({
    ...words,
    slug: dropConstraintSlug,
    forward: acceptInFile(['needlessly-outside-transaction'], t('the way back commits for each partition'), [
      allInOne([dropStatement(table, constraint)]),
    ]),
    rollback: [
      oneByOne(foreignKeyFromBelow(constraint, constraintParts), [
        'lock-order',
        'validate-in-same-transaction',
        'constraint-not-valid',
      ]),
    ],
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function dropStep(drop: DroppedConstraint, rollback: SqlStepParts['rollback']): StepDraft {
  const { table, constraint, ...words } = drop;
  const reason = t('it is the only statement, waits briefly for its locks, and can be tried again');
  const statement = dropStatement(table, constraint);
  return migrationStep({
    ...words,
    slug: dropConstraintSlug,
    forward: [
      constraint.kind === 'foreign-key'
        ? silenced('drop-foreign-key-locks-both', reason, statement)
        : statement,
    ],
    rollback,
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function dropStatement({ name }: TableFacts, constraint: ConstraintFacts): string {
  return `ALTER TABLE ${formatQualifiedName(name)} DROP CONSTRAINT ${formatIdentifier(constraint.name)}`;
}
