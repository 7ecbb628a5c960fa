import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { fittingName } from '../../sql/free-name';
import { fileWords } from '../../layouts/versions';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type {
  AddColumn,
  BackfillColumn,
  ChangeType,
  CreateIndex,
  DropColumn,
  MigrationChange,
} from './answers';
import type { BackfillTarget } from './backfill-sql';
import { addColumn } from './changes/add-column';
import { backfill } from './changes/backfill';
import { changeType } from './changes/change-type';
import { createIndex, indexName } from './changes/create-index';
import { dropColumn, type LostColumn } from './changes/drop-column';
import { emptyMigration } from './changes/empty';
import { renameColumn } from './changes/rename-column';
import { volatilityOf } from './check-answers';
import { lostColumn } from './lost-column';
import type { MigrationSql } from './migration-sql';

/** What a migration is made from, beside the change itself. */
export interface MigrationMaterial {
  parser: SqlParser;
  /** The name in words, as typed. */
  name: string;
  version: string;
  /** The table as the database has it; null without a database, or where it has no such table. */
  table: TableFacts | null;
}

/** The SQL of a change that is one pair. Throws `invalid-input` where something is neither given nor known. */
export function migrationOf(change: MigrationChange, material: MigrationMaterial): MigrationSql {
  switch (change.kind) {
    case 'empty':
      return emptyMigration(material.name);
    case 'add-column':
      return addColumn(change, defaultVolatility(change, material.parser));
    case 'drop-column':
      return dropColumn(change, lostBy(change, material.table));
    case 'rename-column':
      return renameColumn(change);
    case 'change-type':
      return changeType(change, typeBefore(change, material.table));
    case 'create-index':
      return createIndex(change, nameOfIndex(change, material.table));
    case 'backfill':
      return backfill(backfillTarget(change, material));
  }
}

/** How volatile a new column's default is; null without one. */
export function defaultVolatility(
  change: AddColumn,
  parser: SqlParser,
): ReturnType<typeof volatilityOf> | null {
  return change.default === null ? null : volatilityOf(parser, change.default);
}

/** What a backfill walks and writes; the checkpoint's table is named after the migration. */
export function backfillTarget(change: BackfillColumn, material: MigrationMaterial): BackfillTarget {
  return {
    table: change.table,
    key: keyOf(change, material.table),
    column: change.column,
    expression: change.expression,
    onlyEmpty: change.onlyEmpty,
    checkpoint: checkpointName(change.table, material),
  };
}

/** Beside the table, so that the search path does not decide; with the version, so that it is one migration's. */
export function checkpointName(
  table: QualifiedName,
  { version, name }: Pick<MigrationMaterial, 'version' | 'name'>,
): QualifiedName {
  return { schema: table.schema, name: fittingName(`migration_${version}_${fileWords(name)}`, '_progress') };
}

/** The key the rows are walked by: the one given, else the primary key. */
export function keyOf(change: { table: QualifiedName; key: string[] }, table: TableFacts | null): string[] {
  if (change.key.length > 0) return change.key;
  if (table?.primaryKey) return table.primaryKey;
  const relation = formatQualifiedName(change.table);
  throw new SwitchbackError(
    'invalid-input',
    table
      ? t('{0} has no primary key. Name the columns of a unique key without NULLs.', relation)
      : t(
          'The primary key of {0} is not known. Name its columns, or connect to a database that has the table.',
          relation,
        ),
  );
}

function lostBy(change: DropColumn, table: TableFacts | null): LostColumn {
  if (table?.columns.some((column) => column.name === change.column)) {
    const known = lostColumn(table, change.column);
    return { ...known, definition: change.definition ?? known.definition };
  }
  if (change.definition) return { definition: change.definition, restore: null };
  throw notKnown(change.table, change.column);
}

function typeBefore(change: ChangeType, table: TableFacts | null): string {
  if (change.from !== null) return change.from;
  if (table) return columnOf(table, change.column).type;
  throw notKnown(change.table, change.column);
}

function notKnown(table: QualifiedName, column: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      'What {0}.{1} is now is not known, and the way back needs it. Give its type, or connect to a database that has it.',
      formatQualifiedName(table),
      formatIdentifier(column),
    ),
  );
}

/** A free name for the index. Throws `invalid-input` for a partitioned table. */
export function nameOfIndex(change: CreateIndex, table: TableFacts | null): string {
  if (table?.kind === 'partitioned-table') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is partitioned, and PostgreSQL builds no index on it CONCURRENTLY. Create the index on each partition, then on the table.',
        formatQualifiedName(change.table),
      ),
    );
  }
  return indexName(change, new Set(table?.indexes.map((index) => index.name.name) ?? []));
}
