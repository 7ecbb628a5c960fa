import { t } from '../../messages/translate';
import type { IndexFacts, TableFacts } from '../../catalog/table-facts';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { stepForecast } from '../step-forecast';
import { copyName, freeName } from '../../sql/free-name';
import { renameInIndex, type ColumnRenaming } from './rename-in-definition';
import { holdsQuery, regclass, sqlScript } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';

/** An index on the new column that stands for one on the old. */
export interface IndexCopy {
  original: IndexFacts;
  name: QualifiedName;
  /** Its name is a stand-in: at contract it gets the original's. */
  temporary: boolean;
  /** `USING btree (...) ...` with the column renamed. */
  definition: string;
}

/** Copies of all valid indexes that use the column, with names that are free in their schema. */
export function indexCopies(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
  taken: Set<string>,
): IndexCopy[] {
  return table.indexes
    .filter((index) => index.valid && !index.primary && usesColumn(index, renaming.from))
    .map((original) => {
      const { name, temporary } = copyName(original.name.name, renaming.from, renaming.to, taken);
      taken.add(name);
      const definition = renameInIndex(parser, original.definition, renaming);
      return { original, name: { schema: original.name.schema, name }, temporary, definition };
    });
}

/** The steps that build a copy without blocking writes: per leaf on a partitioned table. */
export function indexCopySteps(table: TableFacts, copy: IndexCopy, taken: Set<string>): StepDraft[] {
  const leaves = table.partitioning?.leaves;
  if (leaves === undefined) return [concurrentIndex(table, table.name, copy, copy.name, false)];
  const parts = leaves.map((leaf) => {
    const name = freeName(`${leaf.name}_${copy.name.name}`, '', taken);
    taken.add(name);
    return { leaf, index: { schema: leaf.schema, name } };
  });
  return [
    ...parts.map((part) => concurrentIndex(table, part.leaf, copy, part.index, true)),
    attachIndexes(table, copy, parts),
  ];
}

function usesColumn(index: IndexFacts, column: string): boolean {
  return index.columns.includes(column) || index.expressionColumns.includes(column);
}

function createIndex(copy: IndexCopy, on: string, name: string, words: string): string {
  return `CREATE ${copy.original.unique ? 'UNIQUE ' : ''}INDEX ${words}${formatIdentifier(name)}\n  ON ${on} ${copy.definition}`;
}

function concurrentIndex(
  table: TableFacts,
  on: QualifiedName,
  copy: IndexCopy,
  name: QualifiedName,
  ofPartition: boolean,
): StepDraft {
  return {
    slug: stepSlug(`index ${name.name}`),
    kind: 'concurrent',
    title: t('Build the index {0}', formatIdentifier(name.name)),
    action: t(
      'Builds on the new column what {0} is on the old one, while others go on reading and writing.',
      formatIdentifier(copy.original.name.name),
    ),
    forward: sqlScript([createIndex(copy, formatQualifiedName(on), name.name, 'CONCURRENTLY ')]),
    rollback: {
      kind: 'sql',
      sql: sqlScript([
        `DROP INDEX CONCURRENTLY ${ofPartition ? 'IF EXISTS ' : ''}${formatQualifiedName(name)}`,
      ]),
    },
    verification: {
      sql: holdsQuery(indexIsValid(name)),
      expectation: t('The index {0} is valid.', name.name),
    },
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
  };
}

function attachIndexes(
  table: TableFacts,
  copy: IndexCopy,
  parts: readonly { leaf: QualifiedName; index: QualifiedName }[],
): StepDraft {
  const parent = formatQualifiedName(table.name);
  const name = formatQualifiedName(copy.name);
  const flat = table.partitioning?.count === parts.length;
  // With partitions below partitions the whole-tree form adopts the matching indexes that exist already.
  const statements = flat
    ? [
        createIndex(copy, `ONLY ${parent}`, copy.name.name, ''),
        ...parts.map((part) => `ALTER INDEX ${name} ATTACH PARTITION ${formatQualifiedName(part.index)}`),
      ]
    : [createIndex(copy, parent, copy.name.name, '')];
  return {
    slug: stepSlug(`attach ${copy.name.name}`),
    kind: 'migration',
    title: t('Join the partitions’ indexes in {0}', formatIdentifier(copy.name.name)),
    action: t('Creates the index of the partitioned table from those of its partitions; nothing is built.'),
    forward: sqlScript(statements),
    rollback: { kind: 'sql', sql: sqlScript([`DROP INDEX ${name}`]) },
    verification: {
      sql: holdsQuery(indexIsValid(copy.name)),
      expectation: t('The index {0} is valid.', copy.name.name),
    },
    forecast: stepForecast('ShareLock', 'catalog', table),
  };
}

/** SQL that is true where the index exists and is valid. */
export function indexIsValid(name: QualifiedName): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = ${regclass(name)} AND indisvalid)`;
}

/** The statement that gives a copy its original's name, once that is gone; null where it has it for good. */
export function finalIndexName(copy: IndexCopy): string | null {
  if (!copy.temporary || copy.original.constraint !== null) return null;
  return `ALTER INDEX ${formatQualifiedName(copy.name)} RENAME TO ${formatIdentifier(copy.original.name.name)}`;
}

/** SQL that lists the invalid indexes of a table as text, for messages. */
export function invalidIndexes(table: QualifiedName): string {
  return (
    `(SELECT coalesce(string_agg(indexrelid::regclass::text, ', '), ${quoteLiteral('')}) FROM pg_catalog.pg_index ` +
    `WHERE indrelid = ${regclass(table)} AND NOT indisvalid)`
  );
}
