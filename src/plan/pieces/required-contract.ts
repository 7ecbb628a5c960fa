import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { defaultText } from '../../sql/default-text';
import { stepForecast } from '../step-forecast';
import { noNullsCheck } from './rename-checks';
import { createFillTrigger, dropFillTrigger } from './fill-trigger';
import { noNullsLeft } from './required-migrate';
import { filledColumn, type RequiredParts } from './required-parts';
import { columnDefault, columnIsNotNull, holdsQuery, sqlScript } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { wholeFirst } from './whole-first';

/** Takes away what helped writers that omit the column, where the user wants it gone. */
export function requiredContract(parts: RequiredParts): PhaseDraft {
  return {
    name: 'contract',
    goal: parts.change.keepDefault
      ? t('The column stands by itself.')
      : t('Every writer gives the value itself.'),
    steps: [checkStep(parts), ...removalStep(parts), ...proofStep(parts)],
  };
}

function checkStep(parts: RequiredParts): StepDraft {
  const { table, change } = parts;
  return {
    slug: 'check-required',
    kind: 'check',
    title: t('See that {0} is filled and required', formatIdentifier(change.column)),
    action: t('Counts rows without a value once more.'),
    checks: [noNullsCheck(table.name, change.column)],
    verification: { sql: noNullsLeft(parts), expectation: t('No row is without a value.') },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  };
}

function removalStep(parts: RequiredParts): StepDraft[] {
  const { table, change } = parts;
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(change.column);
  const alter = `ALTER TABLE ${relation} ALTER COLUMN ${column}`;
  const dropsDefault = parts.fill === null && !change.keepDefault;
  const forward = [
    ...(parts.fill ? [...wholeFirst(table), ...dropFillTrigger(parts.fill)] : []),
    ...(dropsDefault ? [`${alter} DROP DEFAULT`] : []),
  ];
  if (forward.length === 0) return [];
  const holds = [columnIsNotNull(table.name, change.column)];
  if (dropsDefault) holds.push(`${columnDefault(table.name, change.column)} IS NULL`);
  if (parts.fill)
    holds.push(
      `to_regprocedure(${quoteLiteral(`${formatQualifiedName(parts.fill.functionName)}()`)}) IS NULL`,
    );
  return [
    {
      slug: 'remove-help',
      kind: 'migration',
      title: dropsDefault
        ? t('Drop the default of {0}', column)
        : t('Drop the trigger that fills {0}', column),
      action: t('From now on an INSERT that omits the column fails.'),
      forward: sqlScript(forward),
      rollback: {
        kind: 'sql',
        sql: sqlScript([
          ...(dropsDefault ? [`${alter} SET DEFAULT ${defaultText(change.fill.expression)}`] : []),
          ...(parts.fill ? createFillTrigger(table, filledColumn(change), parts.fill) : []),
        ]),
      },
      verification: {
        sql: holdsQuery(...holds),
        expectation: t('The column is NOT NULL and nothing fills it by itself any more.'),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table, parts.fill?.tables[0]),
    },
  ];
}

/** The CHECK that proved NOT NULL says the same as the column does. */
function proofStep(parts: RequiredParts): StepDraft[] {
  const { table, change, notNull } = parts;
  if (notNull.cleanUp.length === 0) return [];
  return [
    {
      slug: 'drop-proof',
      kind: 'migration',
      title: t('Drop the CHECK that proved NOT NULL'),
      action: t('The column is NOT NULL by itself; the CHECK only costs time with every write.'),
      forward: sqlScript(notNull.cleanUp),
      rollback: {
        kind: 'nothing',
        why: t('The column is NOT NULL by itself, which says the same as the CHECK did.'),
      },
      verification: {
        sql: holdsQuery(columnIsNotNull(table.name, change.column)),
        expectation: t('The column is still NOT NULL.'),
      },
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    },
  ];
}
