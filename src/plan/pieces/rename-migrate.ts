import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { BackfillSpec, StepForecast } from '../plan';
import { backfillForecast, stepForecast } from '../step-forecast';
import { constraintSteps } from './constraint-steps';
import { indexCopySteps } from './index-copy-steps';
import { columnsEqualSql } from '../rename-equality';
import { waitStep } from './plain-steps';
import { readNewDeploy, stopWritingDeploy, triggerDeploys, writeBothDeploy } from './rename-deploys';
import { letGoSteps } from './rename-let-go';
import { equalCheck, routinesCheck, unusedCheck } from './rename-checks';
import type { RenameParts } from './rename-parts';
import { imageDiffers } from '../../sql/image-differs';
import { allHold, holdsQuery, regclass, sqlScript } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { dropStatistics } from './statistics-copies';
import { viewsOf } from './view-repointing';
import { backfillWalk } from './walk';

/** Backfill, proofs, everything the old column has, the releases, and the wait. */
export function renameMigrate(parts: RenameParts): PhaseDraft {
  return {
    name: 'migrate',
    goal: t('The new name has all values and everything the old one has, and the application uses it.'),
    steps: parts.dual === null ? writtenByApplication(parts) : writtenByTrigger(parts),
  };
}

function writtenByTrigger(parts: RenameParts): StepDraft[] {
  return [
    backfillStep(parts),
    equalStep(parts),
    ...likeTheOldSteps(parts),
    ...triggerDeploys(parts),
    unusedStep(parts),
    deprecationStep(parts),
  ];
}

/**
 * The old name is what counts until the application reads the new one; from then on the new one is. Between a
 * release and the step after it every instance is of that release: the confirmation says so, the comparison shows it.
 */
function writtenByApplication(parts: RenameParts): StepDraft[] {
  return [
    writeBothDeploy(parts),
    backfillStep(parts),
    equalStep(parts),
    ...likeTheOldSteps(parts),
    equalAgainStep(parts),
    readNewDeploy(parts),
    ...letGoSteps(parts),
    stopWritingDeploy(parts),
    unusedStep(parts),
    deprecationStep(parts),
  ];
}

/** The new column comes to have what the old one has, and what reads the old one reads it. */
function likeTheOldSteps(parts: RenameParts): StepDraft[] {
  return [
    ...indexCopySteps(parts.indexed, parts.indexes, parts.change.to),
    ...constraintSteps(parts.table, parts.constraints),
    ...parts.notNull.steps,
    ...switchSteps(parts),
  ];
}

function backfillStep(parts: RenameParts): StepDraft {
  const { table, change, options } = parts;
  const from = quoteIdentifier(change.from);
  const to = quoteIdentifier(change.to);
  const backfill: BackfillSpec = {
    table: table.name,
    assignments: [{ column: change.to, expression: from }],
    pending: imageDiffers(to, from),
    walk: backfillWalk(table, [change.to, change.from]),
    estimatedRows: Math.max(0, Math.round(table.rows.count)),
  };
  return {
    slug: 'backfill',
    kind: 'backfill',
    title: t('Fill {0} from {1}', formatIdentifier(change.to), formatIdentifier(change.from)),
    action:
      parts.dual === null
        ? t(
            'Copies the values in small batches wherever the columns differ. A row that an instance of the old release wrote meanwhile is found by the comparison at its end, and copied by a second pass.',
          )
        : t('Copies the values in small batches; the trigger keeps up with rows that change meanwhile.'),
    backfill,
    rollback: { kind: 'nothing', why: t('The column goes with the rollback of the step that added it.') },
    verification: { sql: columnsEqualSql(parts.change), expectation: t('No row differs.') },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

function equalStep(parts: RenameParts): StepDraft {
  return {
    slug: 'check-equal',
    kind: 'check',
    title: t('Compare both columns on every row'),
    action: t('Reads the whole table once and counts the rows on which the columns differ.'),
    checks: [equalCheck(parts.table.name, parts.renaming)],
    verification: { sql: columnsEqualSql(parts.change), expectation: t('No row differs.') },
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  };
}

/** The last comparison before readers depend on it: a row that differs was written by an instance of the old release. */
function equalAgainStep(parts: RenameParts): StepDraft {
  const check = equalCheck(parts.table.name, parts.renaming);
  return {
    slug: 'check-equal-before-reading',
    kind: 'check',
    title: t('Compare both columns again before anything reads {0}', formatIdentifier(parts.change.to)),
    action: t(
      'A row that differs now was written after the backfill by something that writes {0} alone. Find and release that first, then copy such rows once more: {1}',
      formatIdentifier(parts.change.from),
      copyAgainSql(parts),
    ),
    checks: [check],
    verification: { sql: columnsEqualSql(parts.change), expectation: t('No row differs.') },
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  };
}

function copyAgainSql({ table, change }: RenameParts): string {
  const from = quoteIdentifier(change.from);
  const to = quoteIdentifier(change.to);
  return `UPDATE ${formatQualifiedName(table.name)} SET ${to} = ${from} WHERE ${imageDiffers(to, from)};`;
}

/** The SQL part of the switch; none where nothing in the database reads the column. */
function switchSteps(parts: RenameParts): StepDraft[] {
  const forward = [
    ...parts.statistics.flatMap((copy) => [copy.definition, ...copy.remarks]),
    ...parts.policies.forward,
    ...parts.views.forward,
    ...parts.routines.forward,
  ];
  if (forward.length === 0) return [];
  const rollback = [
    ...parts.routines.rollback,
    ...parts.views.rollback,
    ...parts.policies.rollback,
    ...parts.statistics.map(dropStatistics),
  ];
  return [
    {
      slug: 'repoint-dependents',
      kind: 'migration',
      title: t('Make views, policies and routines read the new name'),
      action: t(
        'Replaces what reads the old column by the same thing over the new one; names and columns of views stay.',
      ),
      forward: sqlScript(forward),
      rollback: { kind: 'sql', sql: sqlScript(rollback) },
      verification: {
        sql: holdsQuery(...repointed(parts)),
        expectation: t('What was repointed depends on the new column.'),
      },
      forecast: switchForecast(parts),
    },
  ];
}

/** Policies lock the table, views only themselves, statistics and routines nothing that others need. */
function switchForecast(parts: RenameParts): StepForecast {
  const { table } = parts;
  if (parts.policies.forward.length > 0) return stepForecast('AccessExclusiveLock', 'catalog', table);
  const view = parts.views.forward.length > 0 ? viewsOf(table, parts.change.from)[0] : undefined;
  if (view) return stepForecast('AccessExclusiveLock', 'catalog', table, view.name);
  const lock = parts.statistics.length > 0 ? 'ShareUpdateExclusiveLock' : 'AccessShareLock';
  return stepForecast(lock, 'catalog', table);
}

function repointed(parts: RenameParts): string[] {
  const count = parts.views.forward.length + parts.policies.forward.length;
  const attribute = (name: string): string =>
    `(SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(parts.table.name)} AND attname = '${name.replaceAll("'", "''")}')`;
  return [
    `(SELECT count(DISTINCT (d.classid, d.objid)) FROM pg_catalog.pg_depend d\n` +
      `        WHERE d.refobjid = ${regclass(parts.table.name)} AND d.refobjsubid = ${attribute(parts.change.to)}\n` +
      `          AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass)) >= ${count}`,
  ];
}

function unusedStep(parts: RenameParts): StepDraft {
  return {
    slug: 'check-unused',
    kind: 'check',
    title: t('See that nothing in the database uses {0}', formatIdentifier(parts.change.from)),
    action: t('Looks for views, rules, policies and routines that still need the old name.'),
    checks: unusedChecks(parts),
    verification: {
      sql: allHold(unusedChecks(parts).map((check) => check.sql)),
      expectation: t('Nothing uses the old name.'),
    },
    forecast: stepForecast('AccessShareLock', 'catalog', parts.table),
  };
}

/** The checks that contract repeats. */
export function unusedChecks(parts: RenameParts): ReturnType<typeof equalCheck>[] {
  return [
    unusedCheck(parts.table.name, parts.change.from),
    routinesCheck(parts.table.name, parts.change.from, [
      ...(parts.dual === null ? [] : [parts.dual.functionName]),
      ...parts.routines.decided,
    ]),
  ];
}

function deprecationStep(parts: RenameParts): StepDraft {
  return waitStep(
    parts.options.deprecationDays,
    parts.dual === null
      ? t(
          'Everything can still be taken back: a rollback first has both columns written again, then copies what the old one lacks.',
        )
      : t('Everything can still be taken back without loss.'),
    t('Jobs that run monthly, reports and people with scripts of their own still know the old name.'),
  );
}
