import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtPartitionedTable } from '../partitioned-table';
import type { ChangeField, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('partition-table'),
  table: storedName,
  /** As CREATE TABLE has it after PARTITION BY: `RANGE (created_at)`. */
  partitionBy: v.string(),
  /** `orders_2026 FOR VALUES FROM (...) TO (...)`, one a line or between semicolons. */
  partitions: v.string(),
});

/** A table with rows that becomes a partitioned one. */
export type PartitionTable = v.InferOutput<typeof stored>;

export const partitionTable = {
  kind: 'partition-table',
  group: 'tables',
  title: () => t('Partition a table'),
  description: () =>
    t(
      'A partitioned table is filled beside it and takes its name in a moment; the old one follows until it goes.',
    ),
  stored,
  fields,
  usage: '--partition-by "RANGE (created_at)" --partitions "NAME FOR VALUES ...; NAME DEFAULT"',
  read: (answers): PartitionTable => ({
    kind: 'partition-table',
    table: answers.table(),
    partitionBy: answers.text('partition-by').trim(),
    partitions: answers.text('partitions').trim(),
  }),
  answers: ({ partitionBy, partitions }) => ({ 'partition-by': partitionBy, partitions }),
  planChoices: [],
  describe: ({ table, partitionBy }) => t('Partition {0} by {1}', formatQualifiedName(table), partitionBy),
  words: ({ table }) => `partition ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: lookAtPartitionedTable,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every row goes to a table of another make, which takes the name.'),
  }),
  rewritesRows: () => true,
  states: ({ partitionBy }, { name }) => ({
    before: [t('{0} is one table with all rows.', formatQualifiedName(name))],
    after: [t('{0} is partitioned by {1}, with the same rows.', formatQualifiedName(name), partitionBy)],
  }),
} satisfies ChangeType<PartitionTable>;

function fields(): ChangeField[] {
  return [
    {
      id: 'partition-by',
      asks: 'text',
      label: t('Partitioned by'),
      question: () => t('By what is it partitioned?'),
      placeholder: 'RANGE (created_at)',
      hint: t('RANGE, LIST or HASH and the columns, all of which are part of the primary key.'),
    },
    {
      id: 'partitions',
      asks: 'text',
      label: t('Partitions'),
      lines: 5,
      question: () => t('Which partitions does it have?'),
      placeholder: "orders_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); orders_rest DEFAULT",
      hint: t(
        'A name and its bound, one a line or separated by semicolons. RANGE and LIST need a default partition, so that no row is refused.',
      ),
    },
  ];
}

function check(_change: PartitionTable, table: TableFacts): void {
  const relation = formatQualifiedName(table.name);
  if (table.partitioning !== null)
    throw new SwitchbackError(
      'already-done',
      t('{0} is partitioned by {1} already. There is nothing to do.', relation, table.partitioning.key),
    );
  if (table.kind === 'table') return;
  throw new SwitchbackError('invalid-input', t('{0} is not a table with rows. Choose one.', relation));
}
