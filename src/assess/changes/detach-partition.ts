import * as v from 'valibot';
import { readTableFacts } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('detach-partition'),
  /** The partitioned table. */
  table: storedName,
  partition: storedName,
});

/** A partition that becomes a table of its own. */
export type DetachPartition = v.InferOutput<typeof stored>;

export const detachPartition = {
  kind: 'detach-partition',
  group: 'tables',
  title: () => t('Detach a partition'),
  description: () => t('Once no code needs its rows in the whole, it becomes a table of its own.'),
  stored,
  fields: () => [
    {
      id: 'partition',
      asks: 'text',
      label: t('Partition'),
      question: () => t('Which partition becomes a table of its own?'),
      placeholder: 'public.orders_2020',
    },
  ],
  usage: '--partition PARTITION',
  read: (answers): DetachPartition => ({
    kind: 'detach-partition',
    table: answers.table(),
    partition: answers.relation('partition'),
  }),
  answers: ({ partition }) => ({ partition: formatQualifiedName(partition) }),
  planChoices: [],
  describe: ({ table, partition }) =>
    t('Detach {0} from {1}', formatQualifiedName(partition), formatQualifiedName(table)),
  words: ({ table, partition }) => `detach ${partition.name} from ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check: (_change, table) => assertPartitioned(table),
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('Rows are not seen through the table any more; they stay where they are.'),
  }),
  rewritesRows: () => false,
  states: ({ partition }, table) => ({
    before: [
      t('{0} is a partition of {1}.', formatQualifiedName(partition), formatQualifiedName(table.name)),
    ],
    after: [
      t('{0} is a table of its own with its rows, indexes and constraints.', formatQualifiedName(partition)),
      t('{0} does not show its rows any more.', formatQualifiedName(table.name)),
    ],
  }),
} satisfies ChangeType<DetachPartition>;

/** Throws `invalid-input` for a table without partitions. */
export function assertPartitioned(table: TableFacts): void {
  if (table.partitioning !== null) return;
  throw new SwitchbackError(
    'invalid-input',
    t('{0} is not partitioned. Choose a partitioned table.', formatQualifiedName(table.name)),
  );
}

async function look(
  { partition }: DetachPartition,
  { session, table, signal }: Look,
): Promise<ChangeFindings> {
  const facts = await readTableFacts(session, partition);
  const [own, relation] = [formatQualifiedName(partition), formatQualifiedName(table.name)];
  if (facts.partitionOf === null)
    throw new SwitchbackError('already-done', t('{0} is no partition. There is nothing to do.', own));
  if (formatQualifiedName(facts.partitionOf) !== relation)
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is a partition of {1}, not of {2}. Name that table.',
        own,
        formatQualifiedName(facts.partitionOf),
        relation,
      ),
    );
  const { rows } = await session.query<{ bound: string; condition: string | null }>(
    `select pg_get_expr(c.relpartbound, c.oid) as bound, pg_get_partition_constraintdef(c.oid) as condition
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [partition.schema, partition.name],
    { signal },
  );
  return { blockers: [], partition: { facts, ...rows[0]! } };
}

/** Whether a row fulfils it; false too where that took too long to find out. Throws `invalid-input`. */
export async function anyRow(
  relation: QualifiedName,
  condition: string,
  { session, signal }: Look,
): Promise<boolean> {
  const sql = `SELECT EXISTS (SELECT FROM ${formatQualifiedName(relation)} WHERE ${condition}) AS found`;
  try {
    const { rows } = await session.transaction(() => session.query<{ found: boolean }>(sql, [], { signal }), {
      readOnly: true,
      rollback: true,
      statementTimeoutMilliseconds: 3000,
      lockTimeoutMilliseconds: 500,
      signal,
    });
    return rows[0]!.found;
  } catch (error) {
    const state = isSwitchbackError(error) ? String(error.details['sqlstate'] ?? '') : '';
    if (state === '57014' && !signal.aborted) return false;
    if (!isSwitchbackError(error) || !/^(?:42(?!501)|22)/.test(state)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The bound does not fit {0}: {1}. Correct it.',
        formatQualifiedName(relation),
        String(error.details['message'] ?? ''),
      ),
      { cause: error },
    );
  }
}
