import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { takenNameBlockers } from '../partition-tree';
import { isStatementFault, readOnlyRows } from '../read-only-query';
import type { Answers, ChangeType, Look } from './change-type';
import { columnList, columnsField } from './constraint-fields';
import { storedName } from './stored-name';

const kinds = ['ndistinct', 'dependencies', 'mcv'] as const;

const stored = v.object({
  kind: v.literal('add-statistics'),
  table: storedName,
  columns: v.array(v.string()),
  /** null: as PostgreSQL would call them. */
  name: v.nullable(v.string()),
  /** Which ones are gathered; all where it is empty. */
  statistics: v.array(v.picklist(kinds)),
});

/** What the planner learns of columns together. */
export type AddStatistics = v.InferOutput<typeof stored>;

export const addStatistics = {
  kind: 'add-statistics',
  group: 'indexes',
  title: () => t('Add extended statistics'),
  description: () => t('The planner learns how values of several columns go together.'),
  stored,
  fields: () => [
    columnsField(),
    {
      id: 'statistics',
      asks: 'text',
      label: t('Kinds'),
      question: () => t('Which kinds of statistics?'),
      placeholder: kinds.join(', '),
      hint: t('Left empty, all of {0}.', kinds.join(', ')),
      optional: true,
    },
    {
      id: 'name',
      asks: 'name',
      label: t('Name'),
      question: () => t('Name of the statistics'),
      hint: t('Left empty, they are called as PostgreSQL would call them.'),
      optional: true,
    },
  ],
  usage: '--columns LIST [--statistics ndistinct,dependencies,mcv] [--name N]',
  read: (answers): AddStatistics => ({
    kind: 'add-statistics',
    table: answers.table(),
    columns: answers.columns('columns'),
    name: answers.optionalName('name'),
    statistics: answeredKinds(answers),
  }),
  answers: ({ columns, name, statistics }) => ({
    columns: columnList(columns),
    statistics: statistics.join(', '),
    name: name ?? '',
  }),
  planChoices: [],
  describe: ({ table, columns }) =>
    t('Add statistics of {1} together to {0}', formatQualifiedName(table), columnList(columns)),
  words: ({ table, columns }) => `statistics ${table.name} ${columns.join(' ')}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what the planner knows changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: ({ columns }, table) => ({
    before: [
      t(
        '{0} has {1} extended statistics.',
        formatQualifiedName(table.name),
        table.dependents.statistics.length,
      ),
    ],
    after: [
      t('ANALYZE gathers how values of {0} go together.', columnList(columns)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddStatistics>;

function answeredKinds(answers: Answers): AddStatistics['statistics'] {
  const words = (answers.optionalText('statistics') ?? '').toLowerCase().split(/[\s,]+/);
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const kind = kinds.find((each) => each === word);
      if (kind !== undefined) return kind;
      throw new SwitchbackError(
        'usage',
        t('Give --{0} one of {1}, not "{2}".', 'statistics', kinds.join(', '), word),
      );
    });
}

async function look({ columns, name }: AddStatistics, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const { rows } = await session.query<{ name: string }>(
    `SELECT s.stxname::text AS name FROM pg_catalog.pg_statistic_ext s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = $1`,
    [table.name.schema],
    { signal },
  );
  const takenNames = rows.map((row) => row.name);
  const blockers = takenNameBlockers(name, table.name.schema, takenNames);
  for (const column of columns) {
    if (columnOf(table, column).generated?.kind === 'virtual')
      blockers.push(
        t(
          '{0} is computed when it is read, and nothing is gathered of it. Leave it out.',
          formatIdentifier(column),
        ),
      );
    else if (!(await canBeSorted(column, at)))
      blockers.push(
        t(
          '{0} has a type whose values have no order, and nothing is gathered of it. Leave it out.',
          formatIdentifier(column),
        ),
      );
  }
  return { takenNames, blockers };
}

/** The server gathers only what a btree could hold. */
async function canBeSorted(column: string, { session, table, signal }: Look): Promise<boolean> {
  try {
    await readOnlyRows(
      session,
      `SELECT FROM ${formatQualifiedName(table.name)} ORDER BY ${formatIdentifier(column)} LIMIT 0`,
      signal,
    );
    return true;
  } catch (error) {
    if (isStatementFault(error)) return false;
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/sql-createstatistics.html */
function check({ columns, statistics }: AddStatistics, table: TableFacts): void {
  for (const column of columns) columnOf(table, column);
  if (columns.length < 2 || columns.length > 8 || new Set(columns).size < columns.length) {
    throw new SwitchbackError('invalid-input', t('Name two to eight different columns.'));
  }
  const same = table.dependents.statistics.find(
    (each) =>
      each.columns.length === columns.length &&
      columns.every((column) => each.columns.includes(column)) &&
      !each.definition.includes('(') &&
      statistics.length === 0,
  );
  if (!same) return;
  throw new SwitchbackError(
    'already-done',
    t('{0} are such statistics already. There is nothing to do.', formatQualifiedName(same.name)),
  );
}
