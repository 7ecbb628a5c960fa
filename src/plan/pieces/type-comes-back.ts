import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { stepForecast } from '../step-forecast';
import { noneCounted } from './counted-detail';
import { checkStep } from './plain-steps';
import { holdsQuery } from './sql-text';
import type { StepDraft } from './step-draft';
import type { TypeParts } from './type-parts';

/** Right before the swap, where all values came back when the plan was made: none that was written since may be lost. */
export function comesBackStep(parts: TypeParts): StepDraft[] {
  const { table, change, facts } = parts;
  if (facts.lossyRows !== 0 || facts.widening) return [];
  const name = formatIdentifier(change.column);
  const expectation = t('Every value of {0} comes back from its new type.', name);
  return [
    checkStep({
      slug: 'check-comes-back',
      title: t('See that no value of {0} is lost by the new type', name),
      action: t(
        'Reads the whole table once. A value that is not the same after the way there and back was written since the plan was made: correct it, or plan with --using or --back what becomes of it.',
      ),
      checks: [
        {
          id: 'comes-back',
          title: t('Every value is what {0} gives from the new one', facts.back),
          sql: `SELECT ${noneCounted(t('rows that differ'))}\n  ${lost(parts)}`,
        },
      ],
      verification: { sql: holdsQuery(`NOT EXISTS (SELECT ${lost(parts)})`), expectation },
      forecast: stepForecast('AccessShareLock', 'scan', table),
    }),
  ];
}

/** The row as it is after the swap, with the old value beside. */
function lost({ table, change, column, facts, beside }: TypeParts): string {
  const others = table.columns
    .filter(({ name }) => name !== change.column)
    .map(({ name }) => `${quoteIdentifier(name)}, `);
  const row =
    `${others.join('')}${quoteIdentifier(beside)} AS ${quoteIdentifier(change.column)}, ` +
    `${quoteIdentifier(change.column)} AS switchback_old_value`;
  return (
    `FROM (SELECT ${row} FROM ${formatQualifiedName(table.name)}) AS ${quoteIdentifier(table.name.name)}\n` +
    ` WHERE ${imageDiffers(`(${facts.back})::${column.type}`, 'switchback_old_value')}`
  );
}
