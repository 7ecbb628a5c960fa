import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { stepForecast } from '../step-forecast';
import { checkStep } from './plain-steps';
import type { StepDraft } from './step-draft';
import { noneCounted } from './counted-detail';

/** Two tables that have the same rows in columns of the same names. */
export interface EqualTables {
  table: TableFacts;
  other: QualifiedName;
  key: string[];
  columns: string[];
}

/** Both tables read in one statement, and so as they were at one moment. */
export function equalCheckStep(equal: EqualTables): StepDraft {
  const [relation, other] = [formatQualifiedName(equal.table.name), formatQualifiedName(equal.other)];
  return checkStep({
    slug: 'check-equal',
    title: t('See that {0} and {1} have the same rows', relation, other),
    action: t(
      'Reads both once, as they are at one moment, and compares every row by its key, value by value.',
    ),
    checks: [
      {
        id: 'equal',
        title: t('Every row is in both, with the same values'),
        sql: `SELECT ${noneCounted(t('rows that differ'))}\n  FROM (${differingRows(equal)}) AS differing`,
      },
    ],
    verification: {
      sql: isEqual(equal),
      expectation: t('{0} and {1} have the same rows.', relation, other),
    },
    forecast: stepForecast('AccessShareLock', 'scan', equal.table),
  });
}

/** A query that holds where both have the same rows. */
export function isEqual(equal: EqualTables): string {
  return `SELECT NOT EXISTS (${differingRows(equal)}) AS holds`;
}

function differingRows({ table, other, key, columns }: EqualTables): string {
  const quoted = columns.map((column) => quoteIdentifier(column));
  const list = quoted.join(', ');
  const image = (side: string): string => quoted.map((column) => `${side}.${column}`).join(', ');
  const join = key
    .map((column) => `one.${quoteIdentifier(column)} = two.${quoteIdentifier(column)}`)
    .join(' AND ');
  return (
    `SELECT FROM (SELECT ${list} FROM ${formatQualifiedName(table.name)}) AS one\n` +
    `  FULL JOIN (SELECT ${list} FROM ${formatQualifiedName(other)}) AS two ON ${join}\n` +
    ` WHERE ${imageDiffers(image('one'), image('two'))}`
  );
}
