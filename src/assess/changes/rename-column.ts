import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import {
  countDependents,
  dependentsOfColumn,
  type ColumnFacts,
  type TableFacts,
} from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { readCopiedColumn } from '../copied-column';
import { ownPartsBlockers } from '../own-parts-of-partitions';
import { foreignPartitionBlockers, readIndexSurroundings } from '../partition-tree';
import { lookAtRenameView } from '../rename-view';
import { refusedNullBlockers } from '../renamed-column';
import { subscribedRowsBlockers } from '../subscribed-rows';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-column'),
  table: storedName,
  from: v.string(),
  to: v.string(),
  /** A view offers both names meanwhile, and nothing is copied. Left out: a second column is filled and kept equal. */
  byView: v.optional(v.literal(true)),
});

/** A column that gets another name while old and new application code run. */
export type RenameColumn = v.InferOutput<typeof stored>;

export const renameColumn = {
  kind: 'rename-column',
  group: 'columns',
  title: () => t('Rename a column'),
  description: () => t('Old and new application code run side by side; no write is lost.'),
  stored,
  fields: () => [
    { id: 'from', asks: 'column', label: t('Old name'), question: () => t('Which column?') },
    {
      id: 'to',
      asks: 'new-name',
      label: t('New name'),
      question: ({ from }) => t('New name of {0}', from ?? ''),
      hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
    },
    {
      id: 'by-view',
      asks: 'flag',
      label: t('Without a copy: a view offers both names'),
      question: () => t('Is the column copied, or does a view offer both names?'),
      yes: t(
        'A view: no row is written, and all of it can be taken back; meanwhile TRUNCATE, COPY and new foreign keys are refused',
      ),
      no: t('A copy: a second column is filled and kept equal, and the table stays a table'),
    },
  ],
  usage: '--from OLD --to NEW [--by-view]',
  read: (answers): RenameColumn => ({
    kind: 'rename-column',
    table: answers.table(),
    from: answers.name('from'),
    to: answers.name('to'),
    ...(answers.flag('by-view') ? { byView: true as const } : {}),
  }),
  answers: ({ from, to, byView }) => ({ from, to, 'by-view': byView === true ? 'yes' : '' }),
  planChoices: ['dualWrite', 'deploySteps'],
  describe: ({ table, from, to }) =>
    t('Rename {0}.{1} to {2}', formatQualifiedName(table), formatIdentifier(from), formatIdentifier(to)),
  words: ({ table, from, to }) => `rename ${table.name} ${from} to ${to}`,
  columns: ({ from, to }) => [
    { column: from, fate: 'removed' },
    { column: to, fate: 'added' },
  ],
  // Of a view both names are the same column.
  law: ({ from, to, byView }) => (byView === true ? null : { kind: 'equal', old: from, new: to }),
  look: (change, at) => (change.byView === true ? lookAtRenameView(change, at) : lookAtCopy(change, at)),
  check,
  migrationType: ({ byView }) => ({
    id: 'schema-destructive',
    why:
      byView === true
        ? t('In the end a name that application code knows is gone; no row changes.')
        : t('In the end a column that application code knows is dropped; everything before that only adds.'),
  }),
  rewritesRows: ({ byView }) => byView !== true,
  states,
} satisfies ChangeType<RenameColumn>;

async function lookAtCopy({ from }: RenameColumn, at: Look): Promise<ChangeFindings> {
  const surroundings = await readIndexSurroundings(at);
  return {
    ...surroundings,
    ...(at.table.columns.some(({ name }) => name === from)
      ? { copiedColumn: await readCopiedColumn(from, at) }
      : {}),
    blockers: [
      ...(await ownPartsBlockers(from, at)),
      ...(await refusedNullBlockers(from, at)),
      ...(await subscribedRowsBlockers(at)),
      ...foreignPartitionBlockers(surroundings.partitions ?? []),
    ],
  };
}

function check(change: RenameColumn, table: TableFacts): void {
  const relation = formatQualifiedName(table.name);
  const from = formatIdentifier(change.from);
  const to = formatIdentifier(change.to);
  const hasNew = table.columns.some((column) => column.name === change.to);
  if (change.from === change.to) {
    throw new SwitchbackError('invalid-input', t('{0} has that name already. Type the new one.', from));
  }
  if (!hasNew) {
    columnOf(table, change.from);
    return;
  }
  if (table.columns.some((column) => column.name === change.from)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} has a column {1} already. Choose another name, or open the plan of the rename that is under way.',
        relation,
        to,
      ),
    );
  }
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} has {1} and no {2}: the column has already been renamed. There is nothing to do.',
      relation,
      to,
      from,
    ),
  );
}

function states({ from, to }: RenameColumn, table: TableFacts): { before: string[]; after: string[] } {
  const column = table.columns.find((candidate) => candidate.name === from);
  const dependents = countDependents(dependentsOfColumn(table.dependents, from));
  return {
    before: [
      t(
        'The table {0} has the column {1}: {2}.',
        formatQualifiedName(table.name),
        formatIdentifier(from),
        column ? columnWords(column) : t('of unknown type'),
      ),
      dependents === 0
        ? t('Nothing else in the database depends on it.')
        : t('Objects of the database that depend on it: {0}, listed under Scope.', dependents),
    ],
    after: [
      t(
        'The column is called {0}. Type, constraints, indexes, privileges and everything that reads it are as before.',
        formatIdentifier(to),
      ),
      t('The old column, {0}, is gone.', formatIdentifier(from)),
    ],
  };
}

function columnWords(column: ColumnFacts): string {
  const words = [column.type, column.notNull ? t('NOT NULL') : t('NULL allowed')];
  if (column.default !== null) words.push(t('default {0}', column.default));
  return words.join(', ');
}
