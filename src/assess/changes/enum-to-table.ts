import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import {
  assertIdentifier,
  formatIdentifier,
  formatQualifiedName,
  type QualifiedName,
} from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { enumColumnField, refuseOtherThanEnum } from '../enum-column';
import { comparesOrder } from '../enum-literals';
import {
  checksWithLabels,
  computedDefaultBlockers,
  readEnumMove,
  refuseGeneratedEnum,
} from '../enum-move-facts';
import { ownPartsBlockers } from '../own-parts-of-partitions';
import { readOwnType, typeBlockers, type OwnType } from '../own-type';
import { foreignPartitionBlockers, readIndexSurroundings } from '../partition-tree';
import { subscribedRowsBlockers } from '../subscribed-rows';
import type { ChangeField, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('enum-to-table'),
  table: storedName,
  /** The column of the enum. */
  column: v.string(),
  /** The table of the values, which is made in the schema of the other one. */
  to: v.string(),
});

/** A column whose values are kept in a table instead of in an enum. */
export type EnumToTable = v.InferOutput<typeof stored>;

export const enumToTable = {
  kind: 'enum-to-table',
  group: 'types',
  title: () => t('Replace an enum by a table'),
  description: () =>
    t(
      'The table has the values with their order, and the column becomes text that refers to it: rows are read as before.',
    ),
  stored,
  fields,
  usage: '--column C --to TABLE',
  read: (answers): EnumToTable => ({
    kind: 'enum-to-table',
    table: answers.table(),
    column: answers.name('column'),
    to: answers.name('to'),
  }),
  answers: ({ column, to }) => ({ column, to }),
  planChoices: [],
  describe: ({ table, column, to }) =>
    t(
      'Keep the values of {0}.{1} in the table {2} instead of in an enum',
      formatQualifiedName(table),
      formatIdentifier(column),
      formatIdentifier(to),
    ),
  words: ({ table, column, to }) => `enum of ${table.name} ${column} to table ${to}`,
  columns: ({ column }) => [{ column, fate: 'changed' }],
  law: () => null,
  look,
  check: ({ column, to }, table) => {
    refuseOtherThanEnum(column, table);
    refuseGeneratedEnum(column, table);
    assertIdentifier(to);
  },
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every value of the column becomes text, which sorts by its letters.'),
  }),
  rewritesRows: () => true,
  states: ({ column, to }, table) => ({
    before: [
      t(
        'The column {0} of {1} is of the enum {2}.',
        formatIdentifier(column),
        formatQualifiedName(table.name),
        columnOf(table, column).type,
      ),
    ],
    after: [
      t('The table {0} has each value as label, and its place in the order.', formatIdentifier(to)),
      t('{0} is text, and a foreign key refuses what is not in that table.', formatIdentifier(column)),
      t('A value comes and goes with a row of that table.'),
    ],
  }),
} satisfies ChangeType<EnumToTable>;

function fields(): ChangeField[] {
  return [
    enumColumnField(),
    {
      id: 'to',
      asks: 'name',
      label: t('Table of the values'),
      question: ({ column }) => t('What is the table called that has the values of {0}?', column ?? ''),
      hint: t('It is made in the schema of the table.'),
    },
  ];
}

async function look(change: EnumToTable, at: Look): Promise<ChangeFindings> {
  const { column, to } = change;
  await refuseTakenTable({ schema: at.table.name.schema, name: to }, at);
  const ownType = await readOwnType(at, columnOf(at.table, column));
  const enumMove = await readEnumMove(column, ownType, at);
  const surroundings = await readIndexSurroundings(at);
  return {
    ...surroundings,
    ownType,
    enumMove,
    blockers: [
      ...(enumMove.others.length === 0 ? typeBlockers(ownType) : []),
      ...computedDefaultBlockers(column, enumMove, at),
      ...(await ownPartsBlockers(column, at)),
      ...orderedChecks(column, ownType, at),
      ...foreignPartitionBlockers(surroundings.partitions ?? []),
      ...(await subscribedRowsBlockers(at)),
    ],
  };
}

async function refuseTakenTable(to: QualifiedName, { session, signal }: Look): Promise<void> {
  const { rows } = await session.query(
    `SELECT FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2
      UNION ALL
     SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
    [to.schema, to.name],
    { signal },
  );
  if (rows.length === 0) return;
  throw new SwitchbackError(
    'invalid-input',
    t('There is a table or type {0} already. Choose another name.', formatQualifiedName(to)),
  );
}

/** Text has another order than the enum. */
function orderedChecks(column: string, ownType: OwnType, at: Look): string[] {
  return checksWithLabels(column, ownType, at)
    .filter(({ definition }) => comparesOrder(at.parser, `ALTER TABLE x ADD ${definition}`))
    .map(({ name }) =>
      t(
        'The CHECK {0} compares by order, and text has another one than the enum. Replace it by one that lists values first.',
        formatIdentifier(name),
      ),
    );
}
