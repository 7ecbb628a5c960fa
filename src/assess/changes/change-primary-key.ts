import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { keptIndexBlockers, readIndexParts } from '../index-parts';
import { lookAtKey } from '../new-key';
import { rowsInTheWay } from '../rows-in-the-way';
import { unprovedNotNull } from '../unproved-not-null';
import { refusedByKey, type AddPrimaryKey } from './add-primary-key';
import type { ChangeField, ChangeType, Look } from './change-type';
import { columnList, columnsField, refuseConstraintName } from './constraint-fields';
import {
  constraintOf,
  dependentBlockers,
  identityBlockers,
  indexOfConstraint,
  inheritedConstraintBlockers,
} from './drop-constraint';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('change-primary-key'),
  table: storedName,
  columns: v.array(v.string()),
  /** null: as the one before. */
  name: v.nullable(v.string()),
  /** Whether the columns of the old key stay unique. */
  keepUnique: v.boolean(),
});

/** Other columns by which each row is known. */
export type ChangePrimaryKey = v.InferOutput<typeof stored>;

export const changePrimaryKey = {
  kind: 'change-primary-key',
  group: 'tables',
  title: () => t('Change the primary key'),
  description: () =>
    t('The index of the new key is built beside, and one short statement puts it in the old one’s place.'),
  stored,
  fields,
  usage: '--columns LIST [--name N] [--keep-unique]',
  read: (answers): ChangePrimaryKey => ({
    kind: 'change-primary-key',
    table: answers.table(),
    columns: answers.columns('columns'),
    name: answers.optionalName('name'),
    keepUnique: answers.flag('keep-unique'),
  }),
  answers: ({ columns, name, keepUnique }) => ({
    columns: columnList(columns),
    name: name ?? '',
    'keep-unique': keepUnique ? 'yes' : '',
  }),
  planChoices: [],
  describe: ({ table, columns }) =>
    t('Change the primary key of {0} to {1}', formatQualifiedName(table), columnList(columns)),
  words: ({ table, columns }) => `change primary key ${table.name} ${columns.join(' ')}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  concernsTable: true,
  law: ({ columns }) => ({ kind: 'filled', column: columns[0]! }),
  look,
  check,
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('A key that code may rely on goes; no row is lost.'),
  }),
  rewritesRows: () => false,
  states,
} satisfies ChangeType<ChangePrimaryKey>;

function fields(): ChangeField[] {
  return [
    columnsField(),
    {
      id: 'name',
      asks: 'name',
      label: t('Name'),
      question: () => t('Name of the constraint'),
      hint: t('Left empty, it is called as the one before.'),
      optional: true,
    },
    {
      id: 'keep-unique',
      asks: 'flag',
      label: t('Keep the old columns unique'),
      question: () => t('Do the columns of the old key stay unique?'),
      yes: t('Yes: code can go on finding and merging rows by them'),
      no: t('No: nothing relies on them any more'),
    },
  ];
}

/** The key that is there. Throws `not-found`. */
export function presentKey(table: TableFacts): { name: string; columns: string[] } {
  const name = table.constraints.find(({ kind }) => kind === 'primary-key')?.name;
  if (name !== undefined && table.primaryKey !== null) return { name, columns: table.primaryKey };
  throw new SwitchbackError(
    'not-found',
    t('{0} has no primary key. Plan add-primary-key instead.', formatQualifiedName(table.name)),
  );
}

/** The same wish for a table without a key. */
export function asNewKey({ table, columns }: ChangePrimaryKey): AddPrimaryKey {
  return { kind: 'add-primary-key', table, columns, name: null };
}

async function look(change: ChangePrimaryKey, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const { name } = presentKey(table);
  const index = indexOfConstraint(table, name)!;
  const queries = refusedByKey(asNewKey(change), table);
  const findings = await lookAtKey(
    at,
    change.columns,
    change.name === name ? null : change.name,
    queries.at(-1)!,
  );
  const missing = queries.length === 1 ? [] : await rowsInTheWay(session, queries[0]!, table.name, signal);
  return {
    ...findings,
    indexParts: await readIndexParts(at, index.name),
    blockers: [
      ...partitionedBlockers(table),
      ...findings.blockers,
      ...unprovedNotNull(table, change.columns),
      ...missing,
      ...(await inheritedConstraintBlockers(at, name)),
      ...(await dependentBlockers(at, name)),
      ...(await keptIndexBlockers(at, index.name)),
      ...(await identityBlockers(at)),
    ],
  };
}

function partitionedBlockers(table: TableFacts): string[] {
  if (table.partitioning === null) return [];
  return [
    t(
      'The partitions of {0} have the key each for itself, and no statement changes it in all of them without building indexes under a lock. Make the columns unique (add-unique): foreign keys may refer to that, too.',
      formatQualifiedName(table.name),
    ),
  ];
}

function check({ columns, name }: ChangePrimaryKey, table: TableFacts): void {
  for (const column of columns) columnOf(table, column);
  const present = presentKey(table);
  const relation = formatQualifiedName(table.name);
  if (present.columns.join('\0') === columns.join('\0'))
    throw new SwitchbackError(
      'already-done',
      t('That is the primary key of {0} already. There is nothing to do.', relation),
    );
  if (constraintOf(table, present.name).definition.includes(' WITHOUT OVERLAPS'))
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The primary key of {0} is WITHOUT OVERLAPS, and its index cannot be built beside another. Drop it (drop-constraint) and add the other (add-primary-key).',
        relation,
      ),
    );
  if (name !== present.name) refuseConstraintName(name, table);
}

function states(
  { columns, keepUnique }: ChangePrimaryKey,
  table: TableFacts,
): { before: string[]; after: string[] } {
  const old = columnList(presentKey(table).columns);
  return {
    before: [t('The primary key of {0} is {1}.', formatQualifiedName(table.name), old)],
    after: [
      t('The primary key of {0} is {1}.', formatQualifiedName(table.name), columnList(columns)),
      keepUnique
        ? t('{0} stays unique.', old)
        : t('Nothing keeps {0} unique any more; its columns stay NOT NULL.', old),
    ],
  };
}
