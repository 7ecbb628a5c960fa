import type { ColumnFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { finalConstraintNames } from './constraint-copies';
import { restorePart } from './index-parts';
import { checkStep, migrationStep } from './plain-steps';
import { columnExists, columnTypeIs, holdsQuery } from './sql-text';
import { finalStatisticsNames } from './statistics-copies';
import { stepSlug, type PhaseDraft, type StepDraft } from './step-draft';
import { indexNamed } from './widen-indexes';
import { dropMirror } from './widen-mirror';
import { nameOf, type WidenedPlace, type WidenParts } from './widen-parts';

/** Looks whether the wide columns are in use, then drops the narrow ones and the triggers, a migration per table. */
export function widenContract(parts: WidenParts): PhaseDraft {
  return {
    name: 'contract',
    goal: t('Only the wide columns are left.'),
    steps: [lookStep(parts), ...parts.places.map((place) => dropStep(place, parts.change.type))],
  };
}

/** The step that drops the first narrow columns, after which there is no way back. */
export function firstDropSlug({ places }: WidenParts): string {
  return dropSlug(places[0]!);
}

function dropSlug({ table }: WidenedPlace): string {
  return stepSlug(`drop narrow ${table.name.name}`);
}

function lookStep({ places, change }: WidenParts): StepDraft {
  const root = places.at(-1)!;
  const conditions = places.flatMap(({ table, columns }) =>
    columns.flatMap(({ facts, beside }) => [
      columnTypeIs(table.name, facts.name, change.type),
      columnExists(table.name, beside),
    ]),
  );
  return checkStep({
    slug: 'check-before-drop',
    title: t('Look once more before the narrow columns go'),
    action: t('Sees that every column has its new type and that the narrow one is beside it.'),
    checks: [
      {
        id: 'swapped',
        title: t('The key of {0}, and all that refers to it, is {1}', nameOf(root), change.type),
        sql: `SELECT ${conditions.join('\n   AND ')} AS holds, '${change.type}' AS detail`,
      },
    ],
    verification: {
      sql: holdsQuery(...conditions),
      expectation: t('Every column has its new type.'),
    },
    forecast: stepForecast('AccessShareLock', 'catalog', root.table),
  });
}

function dropStep(place: WidenedPlace, type: string): StepDraft {
  const { table, columns } = place;
  const relation = formatQualifiedName(table.name);
  const names = columns.map(({ beside }) => formatIdentifier(beside)).join(', ');
  return migrationStep({
    slug: dropSlug(place),
    title: t('Drop the narrow columns of {0} and the trigger', relation),
    action: t(
      'Drops {0} with its indexes and constraints; those of the wide columns get their names.',
      names,
    ),
    forward: [
      ...columns.flatMap(({ proof }) => proof?.cleanUp ?? []),
      ...columns.map(({ beside }) => `ALTER TABLE ${relation} DROP COLUMN ${formatIdentifier(beside)}`),
      ...dropMirror(place),
      ...place.indexes.flatMap((index) => [
        `ALTER INDEX ${formatQualifiedName(indexNamed(index, index.name))} RENAME TO ${formatIdentifier(index.part.name.name)}`,
        ...restorePart(index.part),
      ]),
      ...finalConstraintNames(place.checks),
      ...finalStatisticsNames(place.statistics),
      ...columns.flatMap(({ facts, proof }) => notNullName(place, facts, proof?.name)),
    ],
    rollback: {
      noReturn: t(
        'The narrow columns are gone. To go back, make columns of the old type again, which is a change of its own.',
      ),
    },
    holds: columns.flatMap(({ facts, beside }) => [
      `NOT ${columnExists(table.name, beside)}`,
      columnTypeIs(table.name, facts.name, type),
    ]),
    expectation: t('{0} of {1} is gone.', names, relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** From PostgreSQL 18 NOT NULL has a name; the proof's gets that of the narrow column's own. */
function notNullName({ table }: WidenedPlace, { name }: ColumnFacts, proof: string | undefined): string[] {
  const original = table.constraints.find(
    (constraint) => constraint.kind === 'not-null' && constraint.columns.includes(name),
  );
  if (!original || proof === undefined || proof === original.name) return [];
  return [
    `ALTER TABLE ${formatQualifiedName(table.name)} RENAME CONSTRAINT ${formatIdentifier(proof)} TO ${formatIdentifier(original.name)}`,
  ];
}
