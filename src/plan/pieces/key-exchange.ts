import type { Assessment, IndexPart } from '../../assess/assessment';
import { presentKey, type ChangePrimaryKey } from '../../assess/changes/change-primary-key';
import { constraintOf } from '../../assess/changes/drop-constraint';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptInFile } from './accepted-in-file';
import { briefly } from './brief-locks';
import { deferral, keyRemarks } from './constraint-again';
import { buildPart } from './index-parts';
import { concurrentStep } from './plain-steps';
import { serverName } from './server-name';
import { regclass } from './sql-text';
import type { StepDraft } from './step-draft';

/** A primary key and the one that takes its place. */
export interface ExchangedKey {
  table: TableFacts;
  old: ConstraintFacts;
  /** What brings the index of the old one back. */
  part: IndexPart;
  columns: readonly string[];
  name: string;
  /** What the index of the new key is called until it is one, and that of the old one on its way back. */
  built: string;
  builtAgain: string;
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
  const free = (suffix: string): string => {
    const found = freeName(present.name, suffix, taken);
    taken.add(found);
    return found;
  };
  return {
    table,
    old: constraintOf(table, present.name),
    part: indexParts![0]!,
    columns,
    name: name ?? present.name,
    built: free('_switchback_new'),
    builtAgain: free('_switchback_old'),
    kept: keepUnique ? serverName(table.name.name, present.columns.join('_'), 'key', taken) : null,
  };
}

/**
 * The step that exchanges the keys: their indexes are built while others go on writing, then one statement puts them in
 * place, so that nobody sees the table without a key. One step, because an index that has become a constraint goes with
 * it, and the way back has to build the old one anew.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
 */
export function exchangeStep(key: ExchangedKey): StepDraft {
  const { table, columns } = key;
  const list = columns.map(formatIdentifier).join(', ');
  return concurrentStep({
    slug: 'exchange-keys',
    title: t('Make {0} the primary key of {1}', list, formatQualifiedName(table.name)),
    action: t(
      'Indexes are built while others go on reading and writing. Then one statement drops the old key and makes the new one of its index, under a lock that is short and reads no row. The way back builds the old one in the same manner.',
    ),
    forward: rerunnable([
      `CREATE UNIQUE INDEX CONCURRENTLY ${formatIdentifier(key.built)}\n  ON ${formatQualifiedName(table.name)} USING btree (${list})`,
      ...(key.kept === null ? [] : buildPart(key.part, key.kept)),
      ...briefly([exchange(key)]),
    ]),
    rollback: rerunnable([
      ...buildPart(key.part, key.builtAgain),
      ...briefly([exchangeBack(key)]),
      ...keyRemarks(key.part),
      ...[key.built, key.kept].flatMap((name) =>
        name === null
          ? []
          : [`DROP INDEX CONCURRENTLY IF EXISTS ${formatQualifiedName({ schema: table.name.schema, name })}`],
      ),
    ]),
    holds: [keyIs(table, columns)],
    expectation: t('The primary key is {0}.', list),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function rerunnable(statements: readonly string[]): string[] {
  return acceptInFile(
    ['not-rerunnable'],
    t('Switchback skips what is there and drops what is half made'),
    statements,
  );
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

/** Whether the exchange had come to its end or not. */
function exchangeBack({ table, old, name, builtAgain, kept }: ExchangedKey): string {
  const gone = [...new Set([old.name, name, ...(kept === null ? [] : [kept])])];
  return alter(table, [
    ...gone.map((each) => `DROP CONSTRAINT IF EXISTS ${formatIdentifier(each)}`),
    `ADD CONSTRAINT ${formatIdentifier(old.name)} PRIMARY KEY USING INDEX ${formatIdentifier(builtAgain)}${deferral(old)}`,
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
