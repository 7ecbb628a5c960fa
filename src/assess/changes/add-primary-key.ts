import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { lookAtKey } from '../new-key';
import { duplicatesQuery, missingValuesQuery, rowsInTheWay } from '../rows-in-the-way';
import { unprovedNotNull } from '../unproved-not-null';
import type { ChangeType, Look } from './change-type';
import { columnList, columnsField, constraintNameField, refuseConstraintName } from './constraint-fields';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-primary-key'),
  table: storedName,
  columns: v.array(v.string()),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
});

/** Columns by which each row is known. */
export type AddPrimaryKey = v.InferOutput<typeof stored>;

export const addPrimaryKey = {
  kind: 'add-primary-key',
  group: 'constraints',
  title: () => t('Add a primary key'),
  description: () =>
    t('The columns are proved to have values and the index is built while others go on writing.'),
  stored,
  fields: () => [columnsField(), constraintNameField()],
  usage: '--columns LIST [--name N]',
  read: (answers): AddPrimaryKey => ({
    kind: 'add-primary-key',
    table: answers.table(),
    columns: answers.columns('columns'),
    name: answers.optionalName('name'),
  }),
  answers: ({ columns, name }) => ({
    columns: columnList(columns),
    name: name ?? '',
  }),
  planChoices: [],
  describe: ({ table, columns }) =>
    t('Make {1} the primary key of {0}', formatQualifiedName(table), columnList(columns)),
  words: ({ table, columns }) => `primary key ${table.name} ${columns.join(' ')}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  law: ({ columns }) => ({ kind: 'filled', column: columns[0]! }),
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: ({ columns }, table) => ({
    before: [t('{0} has no primary key.', formatQualifiedName(table.name))],
    after: [
      t('Every row has a value of {0} that no other row has.', columnList(columns)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddPrimaryKey>;

/** The columns that may still be empty. */
export function nullableColumns({ columns }: AddPrimaryKey, table: TableFacts): string[] {
  return columns.filter((column) => !columnOf(table, column).notNull);
}

/** Lists what a primary key would refuse. */
export function refusedByKey(change: AddPrimaryKey, table: TableFacts): string[] {
  const nullable = nullableColumns(change, table);
  const missing = nullable.length === 0 ? [] : [missingValuesQuery(table, nullable)];
  return [...missing, duplicatesQuery(table, change.columns.map(quoteIdentifier))];
}

async function look(change: AddPrimaryKey, at: Look): Promise<ChangeFindings> {
  const queries = refusedByKey(change, at.table);
  const findings = await lookAtKey(at, change.columns, change.name, queries.at(-1)!);
  const missing =
    queries.length === 1 ? [] : await rowsInTheWay(at.session, queries[0]!, at.table.name, at.signal);
  return {
    ...findings,
    blockers: [
      ...findings.blockers,
      ...unprovedNotNull(at.table, change.columns),
      ...missing,
      ...partitionedBlockers(change, at),
    ],
  };
}

/** What a way back could not take from the partitions again. */
function partitionedBlockers(change: AddPrimaryKey, { table, session }: Look): string[] {
  const relation = formatQualifiedName(table.name);
  if (table.partitioning === null) return [];
  if (session.facts.major >= 18) {
    return [
      t(
        'On PostgreSQL 18 a primary key marks the NOT NULL of each partition of {0} as its own, and nothing takes that back. Require values (set-not-null) and make the columns unique (add-unique) instead: foreign keys may refer to that, too.',
        relation,
      ),
    ];
  }
  return nullableColumns(change, table).map((column) =>
    t(
      '{0} of the partitioned table {1} may be empty. Require a value first (set-not-null), then make it the key.',
      formatIdentifier(column),
      relation,
    ),
  );
}

function check({ columns, name }: AddPrimaryKey, table: TableFacts): void {
  for (const column of columns) columnOf(table, column);
  if (table.primaryKey === null) {
    refuseConstraintName(name, table);
    return;
  }
  const same = table.primaryKey.join('\0') === columns.join('\0');
  const relation = formatQualifiedName(table.name);
  throw same
    ? new SwitchbackError(
        'already-done',
        t('That is the primary key of {0} already. There is nothing to do.', relation),
      )
    : new SwitchbackError(
        'invalid-input',
        t(
          '{0} has a primary key already, over {1}. Drop that one first (drop-constraint), or make the columns unique (add-unique).',
          relation,
          columnList(table.primaryKey),
        ),
      );
}
