import { namesOf } from '../../assess/column-replacement';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { Check } from '../plan';
import { stepForecast } from '../step-forecast';
import { dropFillTrigger } from './fill-trigger';
import { goesWithColumn } from './goes-with-column';
import { checkStep, migrationStep } from './plain-steps';
import { unusedCheck } from './rename-checks';
import { hasOldValue, notComingBack, notComputed, type ReplacementParts } from './replacement-parts';
import { allHold, columnExists } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { noneCounted } from './counted-detail';

/** Looks whether anything would be lost, then drops the trigger and the old columns in one migration. */
export function replacementContract(parts: ReplacementParts): PhaseDraft {
  return {
    name: 'contract',
    goal: t('Only {0} is left.', namesOf(parts.new)),
    steps: [lookStep(parts), dropStep(parts)],
  };
}

function lookStep(parts: ReplacementParts): StepDraft {
  const { table, old } = parts;
  const checks = [
    ...old.map(({ column }, index) => ({
      ...unusedCheck(table.name, column),
      id: `old-column-unused-${index + 1}`,
    })),
    nothingLostCheck(parts),
  ];
  return checkStep({
    slug: 'check-before-drop',
    title: t('Look once more before {0} goes', namesOf(old)),
    action: t('Reads the whole table once, and looks for what in the database still uses the old columns.'),
    checks,
    verification: { sql: allHold(checks.map(({ sql }) => sql)), expectation: t('All checks hold.') },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

function nothingLostCheck(parts: ReplacementParts): Check {
  const { table, old } = parts;
  const lost = notComingBack(parts);
  return {
    id: 'nothing-lost',
    title:
      lost === null
        ? t('{0} has what belongs to {1} on every row that has one', namesOf(parts.new), namesOf(old))
        : t('{0} holds all that {1} does', namesOf(parts.new), namesOf(old)),
    sql:
      `SELECT ${noneCounted(t('rows that differ'))}\n  FROM ${formatQualifiedName(table.name)}\n` +
      ` WHERE ${lost ?? `${hasOldValue(parts)} AND ${notComputed(parts)}`}`,
  };
}

function dropStep({ table, old, trigger }: ReplacementParts): StepDraft {
  const names = namesOf(old);
  return migrationStep({
    slug: 'drop-old-columns',
    title: t('Drop {0} and the trigger', names),
    action: [
      t('The trigger, its function and {0} go; no row is read or written.', names),
      ...old.flatMap(({ column }) => goesWithColumn(table, column)),
    ].join(' '),
    forward: [
      // The table itself is locked before its partitions, as writers do it.
      ...old.map(
        ({ column }) =>
          `ALTER TABLE ${formatQualifiedName(table.name)} DROP COLUMN ${formatIdentifier(column)}`,
      ),
      ...dropFillTrigger(trigger),
    ],
    rollback: {
      noReturn: t('{0} is gone. To have it again is a change of its own.', names),
    },
    holds: old.map(({ column }) => `NOT ${columnExists(table.name, column)}`),
    expectation: t('{0} is gone.', names),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}
