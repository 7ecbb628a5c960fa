import * as v from 'valibot';
import { readTableFacts } from '../../catalog/read-table-facts';
import type { PartitioningFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { asKind } from '../../sql/tree';
import type { ChangeFindings } from '../change-facts';
import type { ChangeType, Look } from './change-type';
import { parenthesized, parsedBound } from '../partition-bound-text';
import { boundBlockers } from '../partition-bounds';
import { anyRow, assertPartitioned } from './detach-partition';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('attach-partition'),
  /** The partitioned table. */
  table: storedName,
  partition: storedName,
  /** `FOR VALUES ...`, as ATTACH PARTITION takes it. */
  bound: v.string(),
});

/** A table that becomes a partition of another one. */
export type AttachPartition = v.InferOutput<typeof stored>;

export const attachPartition = {
  kind: 'attach-partition',
  group: 'tables',
  title: () => t('Attach a partition'),
  description: () =>
    t('Its rows are proved and its indexes built before it is attached, while others go on working.'),
  stored,
  fields: () => [
    {
      id: 'partition',
      asks: 'relation',
      label: t('Table to attach'),
      question: () => t('Which table becomes a partition?'),
    },
    {
      id: 'bound',
      asks: 'text',
      label: t('Bound'),
      question: () => t('Which rows does it hold?'),
      placeholder: 'FOR VALUES FROM (1) TO (2)',
      hint: t('As ATTACH PARTITION takes it, without a semicolon.'),
    },
  ],
  usage: '--partition TABLE --bound "FOR VALUES FROM (1) TO (2)"',
  read: (answers): AttachPartition => ({
    kind: 'attach-partition',
    table: answers.table(),
    partition: answers.relation('partition'),
    bound: answers.text('bound').trim(),
  }),
  answers: ({ partition, bound }) => ({ partition: formatQualifiedName(partition), bound }),
  planChoices: [],
  describe: ({ table, partition }) =>
    t('Attach {0} to {1}', formatQualifiedName(partition), formatQualifiedName(table)),
  words: ({ table, partition }) => `attach ${partition.name} to ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check: (_change, table) => assertPartitioned(table),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Rows of another table are seen through this one as well; none is written.'),
  }),
  rewritesRows: () => false,
  states: ({ partition, bound }, table) => ({
    before: [partitionCount(table), t('{0} is a table of its own.', formatQualifiedName(partition))],
    after: [
      t(
        '{0} is a partition of {1}: {2}.',
        formatQualifiedName(partition),
        formatQualifiedName(table.name),
        bound,
      ),
    ],
  }),
} satisfies ChangeType<AttachPartition>;

async function look({ partition, bound }: AttachPartition, at: Look): Promise<ChangeFindings> {
  const { session, parser, table, signal } = at;
  const facts = await readTableFacts(session, partition);
  const [own, relation] = [formatQualifiedName(partition), formatQualifiedName(table.name)];
  if (facts.partitionOf !== null && formatQualifiedName(facts.partitionOf) === relation)
    throw new SwitchbackError(
      'already-done',
      t('{0} is a partition of {1} already. There is nothing to do.', own, relation),
    );
  const above = await session.query<{ definition: string | null; collated: string[] }>(
    `select pg_get_partition_constraintdef(c.oid) as definition,
            array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attcollation <> 0) as collated
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [table.name.schema, table.name.name],
    { signal },
  );
  const { definition, collated } = above.rows[0]!;
  const { condition, keys } = boundCondition(parser, bound, table);
  const blockers = await boundBlockers(bound, keys, at);
  if (table.partitioning?.strategy === 'hash' && keys.some((key) => collated.includes(key)))
    blockers.push(
      t(
        '{0} is partitioned by the hash of text, which no CHECK can prove, so that ATTACH would read {1} while everybody waits. Attach it in a maintenance window.',
        relation,
        own,
      ),
    );
  if (definition !== null && definition.includes('satisfies_hash_partition('))
    blockers.push(
      t(
        '{0} is below a hash partition, whose rows no CHECK of this plan proves. Attach it in a maintenance window.',
        relation,
      ),
    );
  const whole = definition === null ? condition : `(${condition}) AND ${definition}`;
  if (await anyRow(partition, `NOT (${whole})`, at))
    blockers.push(t('{0} has rows outside of {1}. Move or delete them first.', own, bound));
  const rest = table.partitioning?.defaultPartition ?? null;
  if (rest !== null && (await anyRow(rest, condition, at)))
    blockers.push(
      t(
        'The default partition {0} has rows that belong to {1}. Move them first.',
        formatQualifiedName(rest),
        bound,
      ),
    );
  const names = await session.query<{ name: string }>(
    'select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1',
    [partition.schema],
    { signal },
  );
  const takenNames = names.rows.map(({ name }) => name);
  return { blockers, takenNames, partition: { facts, bound, condition: whole, ownCondition: condition } };
}

/** What a partition's bound says of each of its rows, in the form in which PostgreSQL can prove it by a CHECK. */
export interface BoundCondition {
  condition: string;
  /** The columns of the partition key. */
  keys: string[];
}

/**
 * The condition that a bound puts on rows, written as the server does it itself, so that a CHECK of the same is taken
 * for proof (tried on 12 and 18): https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION
 * Throws `invalid-input`.
 */
export function boundCondition(parser: SqlParser, bound: string, table: TableFacts): BoundCondition {
  const partitioning = table.partitioning!;
  const keys = keyColumns(parser, partitioning);
  const spec = parsedBound(parser, bound);
  if (spec === null) throw notABound(bound, partitioning);
  const values = keys.map((key) => {
    const type = table.columns.find(({ name }) => name === key)!.type;
    return (value: string) => `CAST(${value} AS ${type})`;
  });
  const lists = parenthesized(bound);
  const columns = keys.map(formatIdentifier);
  switch (partitioning.strategy) {
    case 'hash': {
      if (spec.modulus === undefined) throw notABound(bound, partitioning);
      const parent = `${quoteLiteral(formatQualifiedName(table.name))}::regclass`;
      const args = [parent, spec.modulus, spec.remainder ?? 0, ...columns];
      return { keys, condition: `satisfies_hash_partition(${args.join(', ')})` };
    }
    case 'list': {
      const list = lists[0] ?? [];
      if (list.length === 0 || spec.listdatums?.length !== list.length) throw notABound(bound, partitioning);
      return { keys, condition: listCondition(columns[0]!, list, values[0]!) };
    }
    case 'range': {
      const [lower = [], upper = []] = lists;
      if (
        [lower, upper, spec.lowerdatums ?? [], spec.upperdatums ?? []].some(
          ({ length }) => length !== keys.length,
        )
      )
        throw notABound(bound, partitioning);
      const cast = (list: string[]): Datum[] => list.map((text, place) => datum(text, values[place]!));
      return { keys, condition: rangeCondition(columns, cast(lower), cast(upper)) };
    }
  }
}

/** `text` is null where the bound is open from there on. */
interface Datum {
  text: string | null;
  open: 'minvalue' | 'maxvalue' | null;
}

function datum(text: string, value: (text: string) => string): Datum {
  const open = (['minvalue', 'maxvalue'] as const).find((word) => word === text.toLowerCase()) ?? null;
  return { text: open === null ? value(text) : null, open };
}

function listCondition(column: string, list: string[], value: (text: string) => string): string {
  const given = list.filter((text) => !/^null$/i.test(text)).map(value);
  const among = given.length === 0 ? null : `${column} = ANY (ARRAY[${given.join(', ')}])`;
  if (given.length === list.length) return `${column} IS NOT NULL AND ${among!}`;
  return among === null ? `${column} IS NULL` : `${column} IS NULL OR ${among}`;
}

function rangeCondition(columns: string[], lower: Datum[], upper: Datum[]): string {
  let same = 0;
  while (same < columns.length - 1 && lower[same]!.open === null && lower[same]!.text === upper[same]!.text)
    same += 1;
  const rest = columns.slice(same);
  const parts = [
    ...columns.map((column) => `${column} IS NOT NULL`),
    ...columns.slice(0, same).map((column, place) => `${column} = ${lower[place]!.text}`),
    ...arms(rest, lower.slice(same), '>', (open) => open !== 'maxvalue'),
    ...arms(rest, upper.slice(same), '<', (open) => open === 'maxvalue'),
  ];
  return parts.join(' AND ');
}

/** `a > 1 OR a = 1 AND b >= 2`: one arm per column up to the first open end, which says whether the last includes it. */
function arms(
  columns: string[],
  bound: Datum[],
  sign: string,
  includes: (open: Datum['open']) => boolean,
): string[] {
  const open = bound.findIndex((each) => each.open !== null);
  const length = open === -1 ? bound.length : open;
  const lines = columns.slice(0, length).map((column, place) => {
    const equal = columns.slice(0, place).map((each, at) => `${each} = ${bound[at]!.text}`);
    const operator = place === length - 1 && includes(bound[open]?.open ?? null) ? `${sign}=` : sign;
    return `(${[...equal, `${column} ${operator} ${bound[place]!.text}`].join(' AND ')})`;
  });
  return lines.length === 0 ? [] : [`(${lines.join(' OR ')})`];
}

function keyColumns(parser: SqlParser, { key }: PartitioningFacts): string[] {
  const create = parser.parse(`CREATE TABLE x () PARTITION BY ${key}`).statements[0]?.node;
  const elements = asKind(create, 'CreateStmt')?.partspec?.partParams ?? [];
  return elements.map((element) => {
    const { name, collation, opclass } = asKind(element, 'PartitionElem') ?? {};
    if (name !== undefined && name !== '' && (collation ?? []).length === 0 && (opclass ?? []).length === 0)
      return name;
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The partition key {0} is more than plain columns, and no CHECK of this plan would prove the bound. Attach the partition in a maintenance window.',
        key,
      ),
    );
  });
}

function notABound(bound: string, { key }: PartitioningFacts): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      '"{0}" is no bound of a partition by {1} that can be planned. Write one such as FOR VALUES FROM (1) TO (2); DEFAULT is left to you.',
      bound,
      key,
    ),
  );
}

function partitionCount({ name, partitioning }: TableFacts): string {
  const count = partitioning?.count ?? 0;
  const relation = formatQualifiedName(name);
  return count === 1 ? t('{0} has 1 partition.', relation) : t('{0} has {1} partitions.', relation, count);
}
