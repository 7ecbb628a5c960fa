import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { deferral, keyRemarks } from './constraint-again';
import { eitherOneByOne } from './one-statement';
import { migrationStep } from './plain-steps';
import { columnTypeIs } from './sql-text';
import type { StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';
import { viewAgain } from './view-again';
import {
  dropMoved,
  dropUnused,
  foreignKeySteps,
  originalsAgain,
  proveOriginals,
  takeOverNames,
} from './widen-foreign-keys';
import { buildStandIn, buildWide, indexNamed, type WidenedIndex } from './widen-indexes';
import { mirrorFunction } from './widen-mirror';
import { moveNumbering, moveNumberingBack } from './widen-numbering';
import { nameOf, type WidenedPlace, type WidenParts } from './widen-parts';

/**
 * The steps from the indexes of the keys to the swap. They are taken back together: an index that has become a key, and
 * that foreign keys refer to, does not come apart from it again. All tables change in one transaction, because the key
 * can go over to its wide column only where no foreign key refers to the narrow one, and dropping those locks the tables
 * at both ends anyway.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function exchangeSteps(parts: WidenParts): StepDraft[] {
  const { places, foreignKeys, swapped } = parts;
  // The index of the key itself first: a foreign key takes the oldest index that fits.
  const inOrder = [...places].reverse();
  const steps = [
    ...inOrder.flatMap(({ table, keys }) => keys.map((key) => buildWide(table, key, swapped, byTheFirst))),
    ...inOrder.flatMap(({ table, keys }) =>
      keys.flatMap((key) => buildStandIn(table, key, swapped, byTheFirst)),
    ),
    ...foreignKeySteps(foreignKeys, swapped),
    swapStep(parts),
  ];
  return takenBackTogether(steps, { alone: wayBack(parts), shared: [] });
}

function swapStep(parts: WidenParts): StepDraft {
  const { places, foreignKeys, change, views } = parts;
  const root = places.at(-1)!;
  const action = t(
    'Under one short lock of all these tables the narrow and the wide columns exchange their names, and keys, foreign keys, defaults and sequences go over to the wide ones; no row is read: {0}.',
    places.map(nameOf).join(', '),
  );
  return migrationStep({
    slug: 'swap',
    title: t('Give the key of {0} its new type', nameOf(root)),
    action:
      views.length === 0
        ? action
        : `${action} ${t('The views over them go and come back in it: {0}.', views.map(({ name }) => formatQualifiedName(name)).join(', '))}`,
    forward: [
      ...viewsGo(parts),
      lockAll(parts),
      ...takeOverNames(foreignKeys),
      ...places.flatMap((place) => [
        ...place.keys.flatMap((key) => exchangeKey(place, key, key.name)),
        ...exchangeNames(place),
        mirrorFunction(place, 'CREATE OR REPLACE', 'strict'),
        ...moveNumbering(place, change.type),
      ]),
      ...views.flatMap((view) => viewAgain(view)),
    ],
    rollback: byTheFirst,
    holds: places.flatMap(({ table, columns }) =>
      columns.flatMap(({ facts, beside }) => [
        columnTypeIs(table.name, facts.name, change.type),
        columnTypeIs(table.name, beside, facts.type),
      ]),
    ),
    expectation: t('The key and all that refers to it is {0}.', change.type),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', root.table),
  });
}

/** The swap is taken back in one transaction; what has to read rows comes after it, each in its own. */
function wayBack(parts: WidenParts): string {
  const { places, foreignKeys, swapped } = parts;
  const leftovers = places.flatMap(({ keys }) =>
    keys.flatMap((key) =>
      [key.name, key.standIn].flatMap((name) =>
        name === null ? [] : [`DROP INDEX IF EXISTS ${formatQualifiedName(indexNamed(key, name))}`],
      ),
    ),
  );
  return eitherOneByOne(
    swapped,
    [together(swapBack(parts)), ...proveOriginals(foreignKeys), ...leftovers],
    [...dropUnused(foreignKeys), ...leftovers],
    ['lock-order'],
  );
}

function swapBack(parts: WidenParts): string[] {
  const { places, foreignKeys, views } = parts;
  return [
    ...viewsGo(parts),
    lockAll(parts),
    ...dropMoved(foreignKeys),
    ...places.flatMap((place) => [
      ...moveNumberingBack(place),
      ...exchangeNames(place),
      mirrorFunction(place, 'CREATE OR REPLACE', 'strict'),
      ...place.keys.flatMap((key) => exchangeKey(place, key, key.standIn!)),
    ]),
    ...originalsAgain(foreignKeys),
    ...views.flatMap((view) => viewAgain(view)),
  ];
}

/** A view holds its columns by their place and type. Readers lock it before what it reads, and so do the drops. */
function viewsGo({ views }: WidenParts): string[] {
  return [...views].reverse().map(({ name }) => `DROP VIEW ${formatQualifiedName(name)}`);
}

/** A block in a block, so that the outer one commits all of it at once. */
function together(statements: readonly string[]): string {
  return `DO ${dollarQuoted(`BEGIN\n${statements.map((statement) => `${statement};\n`).join('')}END`)}`;
}

/** Who writes to a table that refers to another locks that one first. */
function lockAll({ locked }: WidenParts): string {
  return `LOCK TABLE ${locked.map(formatQualifiedName).join(', ')} IN ACCESS EXCLUSIVE MODE`;
}

function exchangeKey({ table }: WidenedPlace, key: WidenedIndex, index: string): string[] {
  const constraint = key.constraint!;
  const name = formatIdentifier(constraint.name);
  const words = constraint.kind === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE';
  return [
    `ALTER TABLE ${formatQualifiedName(table.name)}\n  DROP CONSTRAINT ${name},\n` +
      `  ADD CONSTRAINT ${name} ${words} USING INDEX ${formatIdentifier(index)}${deferral(constraint)}`,
    ...keyRemarks(key.part),
  ];
}

function exchangeNames({ table, columns }: WidenedPlace): string[] {
  const taken = new Set([...table.columns.map(({ name }) => name), ...columns.map(({ beside }) => beside)]);
  return columns.flatMap(({ facts, beside }) => {
    const between = freeName(facts.name, '_between', taken);
    const rename = (from: string, to: string): string =>
      `ALTER TABLE ${formatQualifiedName(table.name)} RENAME COLUMN ${formatIdentifier(from)} TO ${formatIdentifier(to)}`;
    return [rename(facts.name, between), rename(beside, facts.name), rename(between, beside)];
  });
}
