import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { BackfillSpec, StepForecast } from '../plan';
import { backfillForecast, stepForecast } from '../step-forecast';
import { constraintSteps } from './constraint-steps';
import { indexCopySteps } from './index-copies';
import { equalCheck, routinesCheck, unusedCheck } from './rename-checks';
import type { RenameParts } from './rename-parts';
import { renameSamples } from './rename-samples';
import { allHold, holdsQuery, imageDiffers, regclass, sqlScript } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { dropStatistics } from './statistics-copies';
import { viewsOf } from './view-repointing';
import { backfillWalk } from './walk';

/** Backfill, proofs, everything the old column has, the switch, and the wait. */
export function renameMigrate(parts: RenameParts): PhaseDraft {
  return {
    name: 'migrate',
    goal: t('The new name has all values and everything the old one has, and the application uses it.'),
    steps: [
      backfillStep(parts),
      equalStep(parts),
      ...parts.indexes.flatMap((copy) => indexCopySteps(parts.table, copy, parts.takenNames)),
      ...constraintSteps(parts.table, parts.constraints),
      ...parts.notNull.steps,
      ...switchSteps(parts),
      deployStep(parts),
      unusedStep(parts),
      waitStep(parts),
    ],
  };
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
    action: t('Copies the values in small batches; the trigger keeps up with rows that change meanwhile.'),
    backfill,
    rollback: { kind: 'nothing', why: t('The column goes with the rollback of the step that added it.') },
    verification: { sql: holdsOf(parts), expectation: t('No row differs.') },
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
    verification: { sql: holdsOf(parts), expectation: t('No row differs.') },
    forecast: stepForecast('AccessShareLock', 'scan', parts.table),
  };
}

/** The SQL part of the switch; none where nothing in the database reads the column. */
function switchSteps(parts: RenameParts): StepDraft[] {
  const forward = [
    ...parts.statistics.map((copy) => copy.definition),
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

function deployStep(parts: RenameParts): StepDraft {
  const { change, table } = parts;
  const relation = formatQualifiedName(table.name);
  const places =
    parts.codeReferences === 0
      ? ''
      : ' ' + t('{0} places in this workspace mention the names.', parts.codeReferences);
  return {
    slug: 'release-new-name',
    kind: 'deploy',
    title: t('Release the application that uses {0}', formatIdentifier(change.to)),
    action: t(
      'The switch: from this release on the application reads and writes the new name. Old instances go on working.',
    ),
    instructions:
      t(
        'Make every read and write of {0} use {1} in place of {2}, and release it to all instances.',
        relation,
        formatIdentifier(change.to),
        formatIdentifier(change.from),
      ) + places,
    rollbackInstructions: t(
      'Release the previous version again: {0} is still there and equal.',
      formatIdentifier(change.from),
    ),
    sample: renameSamples(table, parts.renaming).readAndWriteNew,
    verification: { sql: holdsOf(parts), expectation: t('Both columns are still equal on every row.') },
    forecast: null,
  };
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
    routinesCheck(parts.table.name, parts.change.from, [parts.dual.functionName, ...parts.routines.decided]),
  ];
}

function waitStep(parts: RenameParts): StepDraft {
  return {
    slug: 'wait',
    kind: 'wait',
    title: t('Wait {0} days', parts.options.deprecationDays),
    action: t('Everything can still be taken back without loss.'),
    days: parts.options.deprecationDays,
    why: t('Jobs that run monthly, reports and people with scripts of their own still know the old name.'),
    verification: null,
    forecast: null,
  };
}

function holdsOf(parts: RenameParts): string {
  const { from, to } = { from: quoteIdentifier(parts.change.from), to: quoteIdentifier(parts.change.to) };
  return `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(parts.table.name)} WHERE ${imageDiffers(to, from)}) AS holds`;
}
