import type { OwnType } from '../../assess/own-type';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { locklessForecast } from './lockless-forecast';
import { migrationStep } from './plain-steps';
import { regclass } from './sql-text';
import type { StepDraft } from './step-draft';

/** The steps that make a table with the values of an enum, which is read by who may read the other table. */
export function labelTableSteps(table: TableFacts, { name: type }: OwnType, to: QualifiedName): StepDraft[] {
  const made = formatQualifiedName(to);
  const comment = t(
    'Values that {0} refers to, with their place in the order.',
    formatQualifiedName(table.name),
  );
  return [
    migrationStep({
      slug: 'make-table',
      title: t('Make the table {0}', made),
      action: t(
        'Its key is the label itself: rows that refer to it are read without it, and code goes on writing what it wrote.',
      ),
      forward: [
        `CREATE TABLE ${made} (\n  label text PRIMARY KEY,\n  place integer NOT NULL\n)`,
        `COMMENT ON TABLE ${made} IS ${quoteLiteral(comment)}`,
        `ALTER TABLE ${made} OWNER TO ${formatIdentifier(table.owner)}`,
        ...readers(table).map((reader) => `GRANT SELECT ON TABLE ${made} TO ${reader}`),
      ],
      rollback: [`DROP TABLE ${made}`],
      holds: [`${regclass(to)} IS NOT NULL`],
      expectation: t('The table {0} is there.', made),
      forecast: locklessForecast(),
    }),
    migrationStep({
      slug: 'fill-table',
      title: t('Fill {0} with the values', made),
      action: t('Writes a row for each value of the enum {0}, in its order.', formatQualifiedName(type)),
      forward: [
        `INSERT INTO ${made} (label, place)\n  SELECT every.label::text, every.place\n` +
          `    FROM unnest(enum_range(NULL::${formatQualifiedName(type)})) WITH ORDINALITY AS every(label, place)`,
      ],
      rollback: { nothing: t('The rows go with their table.') },
      holds: [
        `NOT EXISTS (SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(${quoteLiteral(formatQualifiedName(type))}) ` +
          `EXCEPT SELECT label FROM ${made})`,
      ],
      expectation: t('{0} has each value of the enum.', made),
      forecast: stepForecast('RowExclusiveLock', 'catalog', table, to),
    }),
  ];
}

function readers({ privileges, owner }: TableFacts): string[] {
  const grantees = privileges
    .filter(
      ({ privilege, column, grantee }) => privilege === 'SELECT' && column === null && grantee !== owner,
    )
    .map(({ grantee }) => (grantee.toUpperCase() === 'PUBLIC' ? 'PUBLIC' : formatIdentifier(grantee)));
  return [...new Set(grantees)];
}
