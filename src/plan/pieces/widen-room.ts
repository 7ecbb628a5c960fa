import { rangeOf } from '../../assess/widened-key-type';
import type { ConstraintFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { addCopy } from './constraint-copies';
import { locklessForecast } from './lockless-forecast';
import { constraintNames } from './not-null-proof';
import { migrationStep } from './plain-steps';
import { columnIsNotNull, constraintExists, silenced } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { mirrorFunction } from './widen-mirror';
import { nameOf, type WidenedPlace, type WidenParts } from './widen-parts';

/**
 * The steps after which the wide columns take values that the narrow ones do not hold, which stay empty then. In two
 * parts, as the way back has to prove first that no narrow one is empty, while others go on working.
 */
export function roomSteps({ places, change }: WidenParts): StepDraft[] {
  return [...places.flatMap(unproveStep), ...places.map((place) => roomStep(place, change.type))];
}

/** What requires a value of a narrow column. */
interface Requirement {
  column: string;
  /** The NOT NULL constraint itself, where the server names it. */
  own: ConstraintFacts | null;
  name: string;
  /** As NOT VALID. */
  add: string[];
  drop: string;
}

function requirementsOf({ table, columns }: WidenedPlace): Requirement[] {
  const taken = constraintNames(table);
  return columns
    .filter(({ facts }) => facts.notNull)
    .map(({ facts, beside }) => {
      const own =
        table.constraints.find((each) => each.kind === 'not-null' && each.columns.includes(facts.name)) ??
        null;
      const name = own?.name ?? freeName(`${table.name.name}_${facts.name}`, '_filled', taken);
      taken.add(name);
      const column = formatIdentifier(beside);
      const definition = own ? `NOT NULL ${column}` : `CHECK (${column} IS NOT NULL)`;
      return {
        column: beside,
        own,
        name,
        add: addCopy({ table: table.name, name, definition, comment: own?.comment ?? null }),
        drop: `ALTER TABLE ${formatQualifiedName(table.name)} DROP CONSTRAINT ${formatIdentifier(name)}`,
      };
    });
}

function unproveStep(place: WidenedPlace): StepDraft[] {
  const required = requirementsOf(place);
  if (required.length === 0) return [];
  const relation = formatQualifiedName(place.table.name);
  const alter = (column: string, words: string): string =>
    `ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(column)} ${words}`;
  const named = required.filter(({ own }) => own !== null);
  const plain = required.filter(({ own }) => own === null);
  const names = required.map(({ column }) => formatIdentifier(column)).join(', ');
  return [
    migrationStep({
      slug: stepSlug(`unprove ${place.table.name.name}`),
      title: t('Require a value in {0} of {1} of new rows only', names, relation),
      action: t(
        'It goes on refusing what it refuses now, marked as NOT VALID. It is a step of its own so that the way back can prove it on every row while others go on working.',
      ),
      forward: [
        ...named.flatMap(({ add, drop }) => [drop, ...add]),
        ...plain.flatMap(({ add, column }) => [
          ...add,
          silenced(
            'drop-not-null',
            t('the CHECK goes on refusing NULL, and nobody reads the narrow column any more'),
            alter(column, 'DROP NOT NULL'),
          ),
        ]),
      ],
      rollback: [
        ...required.map(
          ({ name }) => `ALTER TABLE ${relation} VALIDATE CONSTRAINT ${formatIdentifier(name)}`,
        ),
        ...plain.flatMap(({ column, drop }) => [
          silenced(
            'set-not-null-scan',
            t('the CHECK proves it, so that no row is read'),
            alter(column, 'SET NOT NULL'),
          ),
          drop,
        ]),
      ],
      holds: required.map(({ own, name, column }) =>
        own === null
          ? `NOT ${columnIsNotNull(place.table.name, column)}`
          : `NOT ${constraintExists(place.table.name, name, true)}`,
      ),
      expectation: t('Nothing about {0} is marked as proved on every row.', names),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', place.table),
    }),
  ];
}

function roomStep(place: WidenedPlace, type: string): StepDraft {
  const required = requirementsOf(place);
  const names = place.columns.map(({ facts }) => formatIdentifier(facts.name)).join(', ');
  return migrationStep({
    slug: stepSlug(`room ${place.table.name.name}`),
    title: t('Let {0} of {1} take every {2}', names, nameOf(place), type),
    action: t(
      'From now on values are taken that the narrow column does not hold, which stays empty in such a row. As long as there is none, all can be taken back.',
    ),
    forward: [...required.map(({ drop }) => drop), mirrorFunction(place, 'CREATE OR REPLACE', 'lenient')],
    rollback: [
      refuseGreater(place),
      ...required.flatMap(({ add }) => add),
      mirrorFunction(place, 'CREATE OR REPLACE', 'strict'),
    ],
    holds: [
      isLenient(place),
      ...required.map(({ name }) => `NOT ${constraintExists(place.table.name, name, false)}`),
    ],
    expectation: t('{0} of {1} takes every {2}.', names, nameOf(place), type),
    forecast:
      required.length === 0
        ? locklessForecast()
        : stepForecast('AccessExclusiveLock', 'catalog', place.table),
  });
}

/** Says why there is no way back, before anything is locked. */
function refuseGreater(place: WidenedPlace): string {
  const relation = formatQualifiedName(place.table.name);
  const greater = place.columns
    .map(
      ({ facts, beside }) =>
        `EXISTS (SELECT FROM ${relation} WHERE ${quoteIdentifier(beside)} IS NULL AND ${quoteIdentifier(facts.name)} IS NOT NULL)`,
    )
    .join(' OR ');
  const sentence = t(
    'A row of {0} has a value that {1} does not hold (up to {2}): the way back is closed. Finish the plan, or remove such rows.',
    relation,
    place.columns[0]!.facts.type,
    rangeOf(place.columns[0]!.facts.type).high,
  );
  return `DO ${dollarQuoted(`BEGIN\nIF ${greater} THEN\nRAISE EXCEPTION USING MESSAGE = ${quoteLiteral(sentence)};\nEND IF;\nEND`)}`;
}

function isLenient({ mirror }: WidenedPlace): string {
  const signature = `${formatQualifiedName(mirror.functionName)}()`;
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid = pg_catalog.to_regprocedure(${quoteLiteral(signature)}) ` +
    `AND p.prosrc LIKE '% := CASE WHEN NEW.%')`
  );
}
