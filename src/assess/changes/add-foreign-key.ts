import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtForeignKey } from '../new-foreign-key';
import type { Answers, ChangeField, ChangeType } from './change-type';
import { columnList, columnsField, constraintNameField, refuseConstraintName } from './constraint-fields';
import { storedName } from './stored-name';

const actions = ['no action', 'restrict', 'cascade', 'set null', 'set default'] as const;

const stored = v.object({
  kind: v.literal('add-foreign-key'),
  table: storedName,
  columns: v.array(v.string()),
  references: storedName,
  /** null: its primary key. */
  toColumns: v.nullable(v.array(v.string())),
  /** null: as PostgreSQL would call it. */
  name: v.nullable(v.string()),
  onDelete: v.picklist(actions),
  onUpdate: v.picklist(actions),
});

/** Columns whose values have to be there in another table. */
export type AddForeignKey = v.InferOutput<typeof stored>;

export const addForeignKey = {
  kind: 'add-foreign-key',
  group: 'constraints',
  title: () => t('Add a foreign key'),
  description: () => t('New rows are checked first, then those that are there, while others go on writing.'),
  stored,
  fields,
  usage:
    '--columns LIST --references TABLE [--to-columns LIST] [--name N] [--on-delete ACTION] [--on-update ACTION]',
  read: (answers): AddForeignKey => ({
    kind: 'add-foreign-key',
    table: answers.table(),
    columns: answers.columns('columns'),
    references: answers.relation('references'),
    toColumns: answers.optionalText('to-columns') === null ? null : answers.columns('to-columns'),
    name: answers.optionalName('name'),
    onDelete: answeredAction(answers, 'on-delete'),
    onUpdate: answeredAction(answers, 'on-update'),
  }),
  answers: ({ columns, references, toColumns, name, onDelete, onUpdate }) => ({
    columns: columnList(columns),
    references: formatQualifiedName(references),
    'to-columns': columnList(toColumns ?? []),
    name: name ?? '',
    'on-delete': onDelete,
    'on-update': onUpdate,
  }),
  planChoices: [],
  describe: ({ table, columns, references }) =>
    t(
      'Let {1} of {0} refer to {2}',
      formatQualifiedName(table),
      columnList(columns),
      formatQualifiedName(references),
    ),
  words: ({ table, columns, references }) =>
    `${table.name} ${columns.join(' ')} references ${references.name}`,
  columns: ({ columns }) => columns.map((column) => ({ column, fate: 'used' })),
  law: () => null,
  look: lookAtForeignKey,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A constraint is added; what it refuses the application must not write any more.'),
  }),
  rewritesRows: () => false,
  states: ({ columns, references }, table) => ({
    before: [
      t(
        'A row of {0} may name a row of {1} that is not there.',
        formatQualifiedName(table.name),
        formatQualifiedName(references),
      ),
    ],
    after: [
      t(
        'Each value of {0} is that of a row of {1}; rows without a value do not count.',
        columnList(columns),
        formatQualifiedName(references),
      ),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddForeignKey>;

function fields(): ChangeField[] {
  const hint = t('One of {0}.', actions.join(', '));
  return [
    columnsField(),
    {
      id: 'references',
      asks: 'relation',
      label: t('Refers to'),
      question: ({ columns }) => t('Which table does {0} refer to?', columns ?? ''),
    },
    {
      id: 'to-columns',
      asks: 'text',
      label: t('Its columns'),
      question: ({ references }) => t('Which columns of {0}?', references ?? ''),
      hint: t('Left empty, its primary key.'),
      optional: true,
    },
    constraintNameField(),
    {
      id: 'on-delete',
      asks: 'text',
      label: t('When that row is deleted'),
      question: () => t('What happens when the row it refers to is deleted?'),
      placeholder: 'no action',
      hint,
      optional: true,
    },
    {
      id: 'on-update',
      asks: 'text',
      label: t('When its key changes'),
      question: () => t('What happens when the key it refers to changes?'),
      placeholder: 'no action',
      hint,
      optional: true,
    },
  ];
}

function answeredAction(answers: Answers, id: string): AddForeignKey['onDelete'] {
  const text =
    answers
      .optionalText(id)
      ?.trim()
      .toLowerCase()
      .replace(/[\s-]+/g, ' ') ?? 'no action';
  const action = actions.find((each) => each === text);
  if (action !== undefined) return action;
  throw new SwitchbackError('usage', t('Give --{0} one of {1}, not "{2}".', id, actions.join(', '), text));
}

function check(change: AddForeignKey, table: TableFacts): void {
  for (const column of change.columns) columnOf(table, column);
  refuseConstraintName(change.name, table);
  if (change.toColumns !== null && change.toColumns.length !== change.columns.length) {
    throw new SwitchbackError(
      'invalid-input',
      t('A foreign key has as many columns on both sides. Name as many to refer to as refer to them.'),
    );
  }
  const same = table.foreignKeysOut.find(
    (key) =>
      formatQualifiedName(key.to) === formatQualifiedName(change.references) &&
      key.fromColumns.join('\0') === change.columns.join('\0') &&
      (change.toColumns === null || key.toColumns.join('\0') === change.toColumns.join('\0')),
  );
  if (!same) return;
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} has this foreign key already: {1}. There is nothing to do.',
      formatQualifiedName(table.name),
      formatIdentifier(same.name),
    ),
  );
}
