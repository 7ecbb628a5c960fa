import type { AddForeignKey } from '../../assess/changes/add-foreign-key';
import { columnList } from '../../assess/changes/constraint-fields';
import { orphansQuery } from '../../assess/new-foreign-key';
import { rowsOf } from '../../assess/rows-in-the-way';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { foreignKeySteps } from '../pieces/foreign-key-steps';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { constraintNames } from '../pieces/not-null-proof';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import type { Recipe } from '../recipe';

/**
 * Adds a foreign key as NOT VALID and proves it afterwards, once the application keeps to it.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const addForeignKeyRecipe: Recipe<AddForeignKey> = {
  id: 'add-foreign-key',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const { table, server, partitions, referencedColumns } = assessment;
    const toColumns = referencedColumns ?? [];
    const name =
      change.name ?? serverName(change.table.name, change.columns.join('_'), 'fkey', constraintNames(table));
    const rule: NewRule = {
      table,
      rule: t('the foreign key {0}', name),
      instructions: instructions(change),
      query: orphansQuery(change, toColumns, rowsOf(table)),
      options,
    };
    const steps = foreignKeySteps({
      table,
      partitions: partitions ?? [],
      references: change.references,
      name,
      definition: definitionOf(change, toColumns),
      serverMajor: server.major,
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('Every row refers to one that is there, proved.'),
          steps: [keptCheck(rule), ...steps],
        },
      ],
      noReturn: null,
      notes: indexNotes(change, table),
    });
  },
};

function instructions({ columns, references, onDelete }: AddForeignKey): string {
  const written = t(
    'Make sure that every writer gives {0} a value that {1} has already when the row is written, and release it to all instances.',
    columnList(columns),
    formatQualifiedName(references),
  );
  if (onDelete !== 'no action' && onDelete !== 'restrict') return written;
  return (
    written +
    ' ' +
    t('What deletes rows of {0} has to delete what refers to them first.', formatQualifiedName(references))
  );
}

function definitionOf(change: AddForeignKey, toColumns: readonly string[]): string {
  const { columns, references, onDelete, onUpdate } = change;
  const action = (event: string, what: string): string =>
    what === 'no action' ? '' : ` ON ${event} ${what.toUpperCase()}`;
  return (
    `FOREIGN KEY (${columnList(columns)}) REFERENCES ${formatQualifiedName(references)} (${columnList(toColumns)})` +
    action('UPDATE', onUpdate) +
    action('DELETE', onDelete)
  );
}

/** Without an index each DELETE of a referenced row reads the whole table that refers to it. */
function indexNotes({ columns, references }: AddForeignKey, table: TableFacts): string[] {
  const wanted = [...columns].sort().join('\0');
  const found = table.indexes.some(
    (index) =>
      index.valid &&
      !index.partial &&
      index.expressionColumns.length === 0 &&
      index.columns.slice(0, columns.length).sort().join('\0') === wanted,
  );
  if (found) return [];
  return [
    t(
      'No index of {0} begins with {1}: each row deleted from {2} would read all of it. Plan one before this (add-index).',
      formatQualifiedName(table.name),
      columnList(columns),
      formatQualifiedName(references),
    ),
  ];
}
