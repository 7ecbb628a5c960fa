import type { IndexPart } from '../../assess/change-facts';
import type { IndexFacts, TableFacts } from '../../catalog/table-facts';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { copyName } from '../../sql/free-name';
import { restorePart, withTablespace } from './index-parts';
import { renameInIndex, type ColumnRenaming } from './rename-in-definition';
import { regclass } from './sql-text';

/** An index on the new column that stands for one on the old. */
export interface IndexCopy {
  original: IndexFacts;
  /** What the definition of the original leaves out; null where that was not read. */
  part: IndexPart | null;
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
  parts: readonly IndexPart[] = [],
): IndexCopy[] {
  return table.indexes
    .filter((index) => index.valid && !index.primary && usesColumn(index, renaming.from))
    .map((original) => {
      const { name, temporary } = copyName(original.name.name, renaming.from, renaming.to, taken);
      taken.add(name);
      const part = parts.find((each) => each.name.name === original.name.name) ?? null;
      const definition = withTablespace(
        renameInIndex(parser, original.definition, renaming),
        part?.tablespace ?? null,
      );
      return { original, part, name: { schema: original.name.schema, name }, temporary, definition };
    });
}

function usesColumn(index: IndexFacts, column: string): boolean {
  return index.columns.includes(column) || index.expressionColumns.includes(column);
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

/** Comment, statistics targets and CLUSTER mark of the originals, under the names that the copies have in the end. */
export function finalIndexRemarks(copies: readonly IndexCopy[]): string[] {
  return copies.flatMap(({ part, name, temporary, original }) =>
    part === null ? [] : restorePart({ ...part, name: temporary ? original.name : name }),
  );
}

/** SQL that lists the invalid indexes of a table as text, for messages. */
export function invalidIndexes(table: QualifiedName): string {
  return (
    `(SELECT coalesce(string_agg(indexrelid::regclass::text, ', '), ${quoteLiteral('')}) FROM pg_catalog.pg_index ` +
    `WHERE indrelid = ${regclass(table)} AND NOT indisvalid)`
  );
}
