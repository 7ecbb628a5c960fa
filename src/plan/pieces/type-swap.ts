import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { freeName } from '../../sql/free-name';
import { stepForecast } from '../step-forecast';
import { migrationStep } from './plain-steps';
import { columnTypeIs } from './sql-text';
import type { StepDraft } from './step-draft';
import { mirrorFunction } from './type-mirror';
import type { TypeParts } from './type-parts';

/** Old and new column exchange their names in one transaction; from then on the trigger keeps the old values true. */
export function swapStep(parts: TypeParts): StepDraft {
  const { table, change, column, facts, beside } = parts;
  const name = formatIdentifier(change.column);
  return migrationStep({
    slug: 'swap',
    title: t('Give {0} its new type', name),
    action: t(
      'The two columns exchange their names and {0} is of the type {1} for everybody at once. Every write since keeps the old value in {2} true.',
      name,
      facts.type,
      formatIdentifier(beside),
    ),
    forward: [
      ...exchangeNames(parts),
      mirrorFunction(parts, 'CREATE OR REPLACE', 'old'),
      ...moveDefault(parts, 'forward'),
    ],
    rollback: [
      ...moveDefault(parts, 'back'),
      ...exchangeNames(parts),
      mirrorFunction(parts, 'CREATE OR REPLACE', 'new'),
    ],
    holds: [
      columnTypeIs(table.name, change.column, facts.type),
      columnTypeIs(table.name, beside, column.type),
    ],
    expectation: t(
      '{0} is of the type {1}, and the old values are in {2}.',
      name,
      facts.type,
      formatIdentifier(beside),
    ),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function exchangeNames({ table, change, beside }: TypeParts): string[] {
  const taken = new Set([...table.columns.map(({ name }) => name), beside]);
  const between = freeName(change.column, '_between', taken);
  const rename = (from: string, to: string): string =>
    `ALTER TABLE ${formatQualifiedName(table.name)} RENAME COLUMN ${formatIdentifier(from)} TO ${formatIdentifier(to)}`;
  return [rename(change.column, between), rename(beside, change.column), rename(between, beside)];
}

/** The default, cast, and the sequence that belongs to the column. Before the exchange of names on the way back. */
function moveDefault({ table, change, column, facts, beside }: TypeParts, way: 'forward' | 'back'): string[] {
  const relation = formatQualifiedName(table.name);
  const alter = (name: string): string => `ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(name)}`;
  const owner = formatIdentifier(way === 'forward' ? change.column : beside);
  const sequences = table.dependents.sequences
    .filter(({ columns }) => columns.includes(change.column))
    .map((sequence) => `ALTER SEQUENCE ${formatQualifiedName(sequence.name)} OWNED BY ${relation}.${owner}`);
  if (column.default === null) return sequences;
  return way === 'forward'
    ? [
        `${alter(change.column)} SET DEFAULT CAST(${column.default} AS ${facts.type})`,
        `${alter(beside)} DROP DEFAULT`,
        ...sequences,
      ]
    : [
        `${alter(change.column)} DROP DEFAULT`,
        `${alter(beside)} SET DEFAULT ${column.default}`,
        ...sequences,
      ];
}
