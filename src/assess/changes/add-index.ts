import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { methodBlockers } from '../index-method';
import {
  foreignPartitionBlockers,
  partitionKeyBlockers,
  readIndexSurroundings,
  takenNameBlockers,
} from '../partition-tree';
import { checkImmutable, checkRowExpression } from '../row-expression';
import { duplicatesQuery, rowsInTheWay } from '../rows-in-the-way';
import { addIndexFields } from './add-index-fields';
import type { Answers, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-index'),
  table: storedName,
  /** What it is over: columns, or one expression. The other one is null. */
  columns: v.nullable(v.array(v.string())),
  expression: v.nullable(v.string()),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
  unique: v.boolean(),
  method: v.string(),
  /** The predicate of a partial index. */
  where: v.nullable(v.string()),
  /** Columns it holds beside its key. */
  include: v.array(v.string()),
});

/** An index that is built while others go on writing. */
export type AddIndex = v.InferOutput<typeof stored>;

export const addIndex = {
  kind: 'add-index',
  group: 'indexes',
  title: () => t('Add an index'),
  description: () =>
    t('It is built while others go on reading and writing; on a partitioned table leaf by leaf.'),
  stored,
  fields: addIndexFields,
  usage:
    '(--columns LIST | --expression EXPR) [--name N] [--unique] [--method METHOD] [--where EXPR] [--include LIST]',
  read,
  answers: ({ columns, expression, name, unique, method, where, include }) => ({
    over: columns === null ? 'expression' : 'columns',
    columns: listed(columns ?? []),
    expression: expression ?? '',
    name: name ?? '',
    unique: unique ? 'yes' : '',
    method,
    where: where ?? '',
    include: listed(include),
  }),
  planChoices: [],
  describe: (change) =>
    change.unique
      ? t('Add a unique index on {0} to {1}', keyWords(change), formatQualifiedName(change.table))
      : t('Add an index on {0} to {1}', keyWords(change), formatQualifiedName(change.table)),
  words: (change) => `index ${change.table.name} ${change.name ?? change.columns?.join(' ') ?? 'expression'}`,
  columns: ({ columns, include }) =>
    [...(columns ?? []), ...include].map((column) => ({ column, fate: 'used' })),
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('An index is added; no row and no statement of the application has to change its shape.'),
  }),
  rewritesRows: () => false,
  states: (change, table) => ({
    before: [indexCount(table)],
    after: [
      change.unique
        ? t('No two rows have the same {0}.', keyWords(change))
        : t('Queries may find rows by {0} in an index.', keyWords(change)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddIndex>;

/** `USING method (...) INCLUDE (...) WHERE (...)`, as CREATE INDEX takes it. */
export function indexDefinition({ columns, expression, method, include, where }: AddIndex): string {
  const key = columns === null ? `(${expression ?? ''})` : listed(columns);
  const included = include.length === 0 ? '' : ` INCLUDE (${listed(include)})`;
  return `USING ${formatIdentifier(method)} (${key})${included}${where === null ? '' : ` WHERE (${where})`}`;
}

/** Lists what a unique index would refuse. */
export function duplicatesOfIndex({ columns, expression, where }: AddIndex, table: TableFacts): string {
  const keys = columns === null ? [`(${expression ?? ''})`] : columns.map(quoteIdentifier);
  return duplicatesQuery(table, keys, where);
}

function read(answers: Answers): AddIndex {
  const columns = answers.optionalText('columns') === null ? null : answers.columns('columns');
  const expression = answers.optionalText('expression');
  if ((columns === null) === (expression === null)) {
    throw new SwitchbackError('usage', t('Give either --columns or --expression: what the index is over.'));
  }
  return {
    kind: 'add-index',
    table: answers.table(),
    columns,
    expression,
    name: answers.optionalName('name'),
    unique: answers.flag('unique'),
    method: answers.optionalText('method') ?? 'btree',
    where: answers.optionalText('where'),
    include: answers.optionalText('include') === null ? [] : answers.columns('include'),
  };
}

async function look(change: AddIndex, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  if (change.expression !== null)
    await checkImmutable(at, await checkRowExpression(at, change.expression, 'value'));
  if (change.where !== null)
    await checkImmutable(at, await checkRowExpression(at, change.where, 'condition'));
  const blockers = await methodBlockers(at, change);
  const surroundings = await readIndexSurroundings(at);
  blockers.push(
    ...takenNameBlockers(change.name, table.name.schema, surroundings.takenNames ?? []),
    ...foreignPartitionBlockers(surroundings.partitions ?? []),
  );
  if (change.unique) blockers.push(...(await partitionKeyBlockers(at, change.columns ?? [])));
  if (change.unique && blockers.length === 0)
    blockers.push(...(await rowsInTheWay(session, duplicatesOfIndex(change, table), table.name, signal)));
  return { ...surroundings, blockers };
}

function check(change: AddIndex, table: TableFacts): void {
  for (const column of [...(change.columns ?? []), ...change.include]) columnOf(table, column);
  const same = table.indexes.find(
    (index) =>
      index.valid &&
      index.unique === change.unique &&
      change.expression === null &&
      index.definition.endsWith(` ${indexDefinition(change)}`),
  );
  if (!same) return;
  throw new SwitchbackError(
    'already-done',
    t('{0} is such an index already. There is nothing to do.', formatQualifiedName(same.name)),
  );
}

function keyWords({ columns, expression }: AddIndex): string {
  return columns === null ? (expression ?? '') : listed(columns);
}

function listed(columns: readonly string[]): string {
  return columns.map(formatIdentifier).join(', ');
}

function indexCount({ name, indexes }: TableFacts): string {
  const relation = formatQualifiedName(name);
  return indexes.length === 1
    ? t('The table {0} has 1 index.', relation)
    : t('The table {0} has {1} indexes.', relation, indexes.length);
}
