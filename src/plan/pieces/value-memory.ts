import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { dollarQuoted } from '../../sql/dollar-quoted';
import { freeName, shortHash } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import type { PlanOptions } from '../plan';
import { backfillForecast, stepForecast } from '../step-forecast';
import { ownerAlone } from './owner-alone';
import { migrationStep } from './plain-steps';
import { columnExists, sqlScript } from './sql-text';
import type { StepDraft } from './step-draft';
import { backfillWalk } from './walk';

/** A table that remembers by their key which value rows had, and which one each of them gets. */
export interface ValueMemory {
  table: TableFacts;
  column: string;
  type: string;
  /** SQL over the row: the new value. */
  expression: string;
  /** Which rows get it; null: all. */
  where: string | null;
  memory: QualifiedName;
  key: string[];
  /** What the key's columns are called there: names the table has not, so that none needs its table before it. */
  keyNames: string[];
  oldName: string;
  newName: string;
  /** Writes the value that a row gets to the memory and gives it; null where it is computed once for all. */
  writeDown: QualifiedName | null;
}

/** Throws where no key tells the table's rows apart, which a blocker says before. */
export function valueMemory(
  table: TableFacts,
  { column, type, expression, where }: Pick<ValueMemory, 'column' | 'type' | 'expression' | 'where'>,
  computedOnce: boolean,
): ValueMemory {
  const walk = backfillWalk(table, [column]);
  if (walk.by === 'ctid') throw new Error('no key to remember values by');
  const taken = new Set(table.columns.map(({ name }) => name));
  const id = shortHash(JSON.stringify([table.name, column, expression, where]));
  return {
    table,
    column,
    type,
    expression,
    where,
    memory: { schema: table.name.schema, name: `switchback_kept_${id}` },
    key: walk.columns,
    keyNames: walk.columns.map((_, index) => freeName('switchback_key', `_${index + 1}`, taken)),
    oldName: freeName('switchback_old', '', taken),
    newName: freeName('switchback_new', '', taken),
    writeDown: computedOnce ? null : { schema: table.name.schema, name: `switchback_keep_${id}` },
  };
}

/** Makes the memory, with nothing in it. */
export function makeMemoryStep(values: ValueMemory): StepDraft {
  const { table, memory, oldName, newName } = values;
  const name = formatQualifiedName(memory);
  const column = quoteIdentifier(values.column);
  const columns = [
    ...values.key.map((each, index) => `${quoteIdentifier(each)} AS ${values.keyNames[index]!}`),
    `${column} AS ${oldName}`,
    `${column} AS ${newName}`,
  ];
  const purpose = t(
    'Old and new values of {0} of {1}, kept for the way back by Switchback.',
    formatIdentifier(values.column),
    formatQualifiedName(table.name),
  );
  return migrationStep({
    slug: 'make-memory',
    title: t('Make a place to remember the old values'),
    action: t(
      'Creates the empty table {0} for the key, the old and the new value of each row that changes.',
      name,
    ),
    forward: [
      `CREATE TABLE ${name} AS\n  SELECT ${columns.join(', ')}\n    FROM ${formatQualifiedName(table.name)}\n  WITH NO DATA`,
      ownerAlone(memory),
      `ALTER TABLE ${name} ADD PRIMARY KEY (${values.keyNames.join(', ')})`,
      `COMMENT ON TABLE ${name} IS ${quoteLiteral(purpose)}`,
      ...createWriteDown(values),
    ],
    rollback: dropMemory(values),
    holds: [columnExists(memory, oldName)],
    expectation: t('The table {0} is there.', name),
    forecast: stepForecast('AccessShareLock', 'catalog', table),
  });
}

/** Finds nothing on the way there; on the way back it gives the old values back, in batches. */
export function oldValuesStep(values: ValueMemory, options: PlanOptions): StepDraft {
  const { table, column, oldName, newName } = values;
  const pending = rememberedWith(values, newName);
  const expression = remembered(values, oldName);
  const relation = formatQualifiedName(table.name);
  return {
    slug: 'give-back',
    kind: 'backfill',
    title: t('Keep the way back: give {0} its old values', formatIdentifier(column)),
    action: t(
      'It finds nothing to do now. On the way back it gives {0} the old value in every row that still has the one the plan gave; what others have written since stays.',
      formatIdentifier(column),
    ),
    backfill: {
      table: table.name,
      assignments: [{ column, expression }],
      pending,
      walk: backfillWalk(table, [column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    againOnRollback: true,
    rollback: {
      kind: 'sql',
      sql: sqlScript([
        // A policy would hide rows silently.
        'SET LOCAL row_security = off',
        `UPDATE ${relation}\n   SET ${quoteIdentifier(column)} = ${expression}\n WHERE ${pending}`,
      ]),
    },
    verification: {
      sql: `SELECT NOT EXISTS (SELECT FROM ${relation} WHERE ${pending}) AS holds`,
      expectation: t('No row has a value that the plan gave.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

/** Writes down what rows have and what they get, where that is another value. */
export function rememberValuesStep(values: ValueMemory): StepDraft {
  const { table, column, expression, oldName, newName } = values;
  const relation = formatQualifiedName(table.name);
  const memory = formatQualifiedName(values.memory);
  const key = values.key.map((each) => quoteIdentifier(each)).join(', ');
  const target = quoteIdentifier(column);
  const concerned = `${values.where === null ? '' : `(${values.where}) AND `}${imageDiffers(target, `(${expression})::${values.type}`)}`;
  return migrationStep({
    slug: 'remember',
    title: t('Remember the old values, and compute the new ones'),
    action: t(
      'Reads {0} once while others go on reading and writing, and writes the key, the old and the new value of each row that changes to {1}.',
      relation,
      memory,
    ),
    forward: [
      // A policy would leave rows out silently.
      ...(table.rowSecurity.enabled ? ['SET LOCAL row_security = off'] : []),
      `INSERT INTO ${memory} (${[...values.keyNames, oldName, newName].join(', ')})\n` +
        `  SELECT ${key}, ${target}, (${expression})\n    FROM ${relation}\n   WHERE ${concerned}\n  ON CONFLICT DO NOTHING`,
    ],
    rollback: { nothing: t('What is remembered is needed for the way back, and goes with its table.') },
    holds: [`(EXISTS (SELECT FROM ${memory}) OR NOT EXISTS (SELECT FROM ${relation} WHERE ${concerned}))`],
    expectation: t('The rows that change are remembered.'),
    forecast: stepForecast('RowExclusiveLock', 'scan', table, values.memory),
  });
}

/** DROP TABLE of the memory, and of the function that writes to it. */
export function dropMemory({ memory, writeDown }: ValueMemory): string[] {
  const drop = `DROP TABLE ${formatQualifiedName(memory)}`;
  return writeDown === null ? [drop] : [`DROP FUNCTION ${formatQualifiedName(writeDown)}`, drop];
}

/**
 * SQL of the value that a row gets: computed when it is written, as what it is computed from may have changed, and
 * written down in the same statement, so that the way back knows it again.
 */
export function givenValue(values: ValueMemory): string {
  const { writeDown, expression, type } = values;
  if (writeDown === null) return remembered(values, values.newName);
  const key = values.key.map((each) => quoteIdentifier(each));
  return `${formatQualifiedName(writeDown)}(${[...key, `(${expression})::${type}`].join(', ')})`;
}

/** SQL that is true for a remembered row that still has its old value, and is to have another. */
export function stillOld(values: ValueMemory): string {
  const { writeDown, column, expression, type, where } = values;
  const old = rememberedWith(values, values.oldName);
  const differs = imageDiffers(quoteIdentifier(column), `(${expression})::${type}`);
  return [old, ...(where === null ? [] : [`(${where})`]), ...(writeDown === null ? [] : [differs])].join(
    ' AND ',
  );
}

function createWriteDown(values: ValueMemory): string[] {
  const { table, key, keyNames, memory, newName, type, writeDown } = values;
  if (writeDown === null) return [];
  const value = `$${key.length + 1}`;
  const body = `BEGIN
  UPDATE ${formatQualifiedName(memory)} AS kept SET ${newName} = ${value}
   WHERE ${keyNames.map((name, index) => `kept.${name} = $${index + 1}`).join(' AND ')} AND ${imageDiffers(`kept.${newName}`, value)};
  RETURN ${value};
END`;
  const types = [...key.map((each) => columnOf(table, each).type), type];
  return [
    `CREATE FUNCTION ${formatQualifiedName(writeDown)}(${types.join(', ')}) RETURNS ${type}\n  LANGUAGE plpgsql\nAS ${dollarQuoted(body)}`,
  ];
}

/** SQL of the value that is remembered of a row. */
export function remembered(values: ValueMemory, name: string): string {
  return `(SELECT kept.${name} FROM ${memoryOf(values)} WHERE ${sameKey(values)})`;
}

/** SQL that is true for a remembered row whose column has this of its two values. */
export function rememberedWith(values: ValueMemory, name: string): string {
  const same = `ROW(kept.${name})::record OPERATOR(pg_catalog.*=) ROW(${quoteIdentifier(values.column)})::record`;
  return `EXISTS (SELECT FROM ${memoryOf(values)} WHERE ${sameKey(values)} AND ${same})`;
}

function memoryOf({ memory }: ValueMemory): string {
  return `${formatQualifiedName(memory)} AS kept`;
}

function sameKey({ key, keyNames }: ValueMemory): string {
  return key.map((column, index) => `kept.${keyNames[index]!} = ${quoteIdentifier(column)}`).join(' AND ');
}
