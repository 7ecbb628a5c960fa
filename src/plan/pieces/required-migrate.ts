import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { backfillForecast, stepForecast } from '../step-forecast';
import { filledQuery } from './filled-query';
import { insertCall, typeScriptSample } from './code-sample';
import { constraintSteps } from './constraint-steps';
import { noNullsCheck } from './rename-checks';
import type { RequiredParts } from './required-parts';
import type { PhaseDraft, StepDraft } from './step-draft';
import { backfillWalk } from './walk';
import { waitStep } from './plain-steps';

/** Backfill and proofs where they are needed, then the release that writes the column, and the wait. */
export function requiredMigrate(parts: RequiredParts): PhaseDraft {
  const filling = parts.way === 'at-once' ? [] : [backfillStep(parts), checkStep(parts)];
  return {
    name: 'migrate',
    goal: t('Every row has a value, proved, and the application writes it.'),
    steps: [
      ...filling,
      ...domainSteps(parts),
      ...parts.notNull.steps,
      deployStep(parts),
      deprecationStep(parts),
    ],
  };
}

function backfillStep(parts: RequiredParts): StepDraft {
  const { table, change, options } = parts;
  return {
    slug: 'backfill',
    kind: 'backfill',
    title: t('Fill {0}', formatIdentifier(change.column)),
    action: t('Gives every row that has no value one, in small batches.'),
    backfill: {
      table: table.name,
      assignments: [{ column: change.column, expression: `(${change.fill.expression})` }],
      pending: `${quoteIdentifier(change.column)} IS NOT DISTINCT FROM NULL`,
      walk: backfillWalk(table, [change.column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: { kind: 'nothing', why: t('The column goes with the rollback of the step that added it.') },
    verification: { sql: noNullsLeft(parts), expectation: t('No row is without a value.') },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

function checkStep(parts: RequiredParts): StepDraft {
  const { table, change } = parts;
  return {
    slug: 'check-filled',
    kind: 'check',
    title: t('Count the rows without a value'),
    action: t('Reads the whole table once.'),
    checks: [noNullsCheck(table.name, change.column)],
    verification: { sql: noNullsLeft(parts), expectation: t('No row is without a value.') },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  };
}

/** The checks of a domain, added as NOT VALID and validated apart. */
function domainSteps(parts: RequiredParts): StepDraft[] {
  return constraintSteps(
    parts.table,
    parts.checks.map((check) => ({
      table: parts.table.name,
      name: check.name,
      originalName: check.name,
      temporary: false,
      definition: check.definition,
      comment: null,
      validate: true,
      kind: 'check',
    })),
  );
}

function placesSentence({ codeReferences }: RequiredParts): string {
  if (codeReferences === 0) return '';
  return codeReferences === 1
    ? ' ' + t('1 place in this workspace mentions the table.')
    : ' ' + t('{0} places in this workspace mention the table.', codeReferences);
}

function deployStep(parts: RequiredParts): StepDraft {
  const column = formatIdentifier(parts.change.column);
  const relation = formatQualifiedName(parts.table.name);
  const places = placesSentence(parts);
  return {
    slug: 'release-writer',
    kind: 'deploy',
    title: t('Release the application that writes {0}', column),
    action: t('From this release on every insert gives the column its value.'),
    instructions:
      t(
        'Make every INSERT into {0} give a value to {1}, and release it to all instances.',
        relation,
        column,
      ) + places,
    rollbackInstructions: t('Release the previous version again: the column fills itself for it.'),
    sample: typeScriptSample(
      [insertCall(parts.table, [], parts.change.column)],
      [insertCall(parts.table, [parts.change.column], parts.change.column)],
    ),
    verification: { sql: noNullsLeft(parts), expectation: t('No row is without a value.') },
    forecast: null,
  };
}

function deprecationStep(parts: RequiredParts): StepDraft {
  return waitStep(
    parts.options.deprecationDays,
    t('Writers that do not know the column still work.'),
    t('Jobs that run monthly and people with scripts of their own may still omit the column.'),
  );
}

/** SQL that holds when no row lacks a value. */
export function noNullsLeft({ table, change }: RequiredParts): string {
  return filledQuery(table.name, change.column);
}
