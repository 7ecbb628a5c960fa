import type { Assessment } from '../../assess/assessment';
import type { IndexPart } from '../../assess/change-facts';
import { presentKey, type ChangePrimaryKey } from '../../assess/changes/change-primary-key';
import { constraintOf } from '../../assess/changes/drop-constraint';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { deferral, keyRemarks } from './constraint-again';
import { indexIsValid } from './index-copies';
import { buildPart } from './index-parts';
import { eitherInOne } from './one-statement';
import { concurrentStep, migrationStep } from './plain-steps';
import { serverName } from './server-name';
import { regclass } from './sql-text';
import { buildStandIns, dropStandIns, standInsFor, withoutStandIns, type StandIn } from './stand-in-index';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';

/** A primary key and the one that takes its place. */
export interface ExchangedKey {
  table: TableFacts;
  old: ConstraintFacts;
  /** What brings the index of the old one back. */
  part: IndexPart;
  columns: readonly string[];
  name: string;
  /** What the index of the new key is called until it is one. */
  built: string;
  /** What stands in for the index of the old one, for the way back. */
  standIn: StandIn;
  /** The unique constraint that the old columns keep; null where they keep none. */
  kept: string | null;
}

/** The names and parts of an exchange. */
export function exchangedKey(
  { columns, name, keepUnique }: ChangePrimaryKey,
  { table, indexParts, takenNames }: Assessment,
): ExchangedKey {
  const present = presentKey(table);
  const taken = new Set(takenNames);
  const built = freeName(present.name, '_switchback_new', taken);
  taken.add(built);
  return {
    table,
    old: constraintOf(table, present.name),
    part: indexParts![0]!,
    columns,
    name: name ?? present.name,
    built,
    standIn: standInsFor(indexParts!, taken)[0]!,
    kept: keepUnique ? serverName(table.name.name, present.columns.join('_'), 'key', taken) : null,
  };
}

/**
 * The steps that exchange the keys: indexes are built while others go on writing, then one statement puts them in place, so
 * that nobody sees the table without a key. An index that stands in for the old one keeps the way back short.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function exchangeSteps(key: ExchangedKey): StepDraft[] {
  const { table, columns, part, kept, standIn } = key;
  const list = columns.map(formatIdentifier).join(', ');
  const exchanged = keyIs(table, columns);
  const steps = [
    buildStep(key, key.built, [
      `CREATE UNIQUE INDEX CONCURRENTLY ${formatIdentifier(key.built)}\n  ON ${formatQualifiedName(table.name)} USING btree (${list})`,
    ]),
    ...(kept === null ? [] : [buildStep(key, kept, [buildPart(part, kept)])]),
    ...buildStandIns(table, [standIn], exchanged),
    migrationStep({
      slug: 'exchange-keys',
      title: t('Make {0} the primary key of {1}', list, formatQualifiedName(table.name)),
      action: t(
        'One statement drops the old key and makes the new one of its index, under a lock that is short and reads no row.',
      ),
      forward: [exchange(key)],
      rollback: byTheFirst,
      holds: [exchanged],
      expectation: t('The primary key is {0}.', list),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    }),
  ];
  const back = [exchangeBack(key), ...keyRemarks(part)];
  const built = [key.built, ...(kept === null ? [] : [kept])].map(
    (name) => `DROP INDEX IF EXISTS ${formatQualifiedName({ schema: table.name.schema, name })}`,
  );
  return [
    ...takenBackTogether(steps, {
      alone: eitherInOne(exchanged, back, [...built, ...withoutStandIns([standIn])]),
      shared: back,
    }),
    ...dropStandIns(table, [standIn]),
  ];
}

function buildStep({ table, columns }: ExchangedKey, name: string, forward: string[]): StepDraft {
  const index = { schema: table.name.schema, name };
  return concurrentStep({
    slug: stepSlug(`index ${name}`),
    title: t('Build the index {0}', formatIdentifier(name)),
    action: t(
      'Reads {0} twice and waits for open transactions, while others go on reading and writing.',
      formatQualifiedName(table.name),
    ),
    forward,
    rollback: byTheFirst,
    holds: [`(${indexIsValid(index)}\n    OR ${keyIs(table, columns)})`],
    expectation: t('The index {0} is valid, or is the key.', name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
  });
}

function exchange({ table, old, name, built, kept }: ExchangedKey): string {
  return alter(table, [
    `DROP CONSTRAINT ${formatIdentifier(old.name)}`,
    `ADD CONSTRAINT ${formatIdentifier(name)} PRIMARY KEY USING INDEX ${formatIdentifier(built)}`,
    ...(kept === null
      ? []
      : [
          `ADD CONSTRAINT ${formatIdentifier(kept)} UNIQUE USING INDEX ${formatIdentifier(kept)}${deferral(old)}`,
        ]),
  ]);
}

function exchangeBack({ table, old, name, standIn, kept }: ExchangedKey): string {
  const gone = [name, ...(kept === null ? [] : [kept])];
  return alter(table, [
    ...gone.map((each) => `DROP CONSTRAINT ${formatIdentifier(each)}`),
    `ADD CONSTRAINT ${formatIdentifier(old.name)} PRIMARY KEY USING INDEX ${formatIdentifier(standIn.name)}${deferral(old)}`,
  ]);
}

function alter(table: TableFacts, commands: readonly string[]): string {
  return `ALTER TABLE ${formatQualifiedName(table.name)}\n  ${commands.join(',\n  ')}`;
}

function keyIs({ name }: TableFacts, columns: readonly string[]): string {
  return (
    `ARRAY(SELECT a.attname::text FROM pg_catalog.pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(number, place)\n` +
    `           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number\n` +
    `          WHERE c.conrelid = ${regclass(name)} AND c.contype = 'p' ORDER BY k.place) = ARRAY[${columns.map(quoteLiteral).join(', ')}]::text[]`
  );
}
