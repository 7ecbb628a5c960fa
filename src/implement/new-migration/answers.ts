import type { QualifiedName } from '../../sql/identifier';

/** What New Migration (Up and Down)… asks. */
export interface NewMigrationAnswers {
  /** Absolute path of a migrations folder. One that is missing is made, for plain pairs of SQL files. */
  folder: string;
  /** Words for the file name: `add users status`. */
  name: string;
  language: MigrationLanguage;
  change: MigrationChange;
}

/** SQL goes through the folder's layout; the others are one module with `up(db)` and `down(db)` on pg. */
export type MigrationLanguage = 'sql' | 'typescript' | 'javascript';

/** What one pair of up and down does. */
export type MigrationChange =
  { kind: 'empty' } | AddColumn | DropColumn | RenameColumnAtOnce | ChangeType | CreateIndex | BackfillColumn;

export interface AddColumn {
  kind: 'add-column';
  table: QualifiedName;
  column: string;
  /** A type as SQL spells it. */
  type: string;
  /** An SQL expression without columns; null for none. */
  default: string | null;
  required: boolean;
  /** For a required column: what the rows there are get, computed from each row; null takes the default. */
  fill: string | null;
  /** Key the rows are walked by; empty takes the primary key from the database. Only for a required column that is filled. */
  key: string[];
}

export interface DropColumn {
  kind: 'drop-column';
  table: QualifiedName;
  column: string;
  /** What the way back adds; null reads it from the database. */
  definition: ColumnDefinition | null;
}

/** A column as ADD COLUMN makes it. */
export interface ColumnDefinition {
  type: string;
  default: string | null;
  required: boolean;
}

export interface RenameColumnAtOnce {
  kind: 'rename-column';
  table: QualifiedName;
  from: string;
  to: string;
}

export interface ChangeType {
  kind: 'change-type';
  table: QualifiedName;
  column: string;
  /** The type it has, which the way back restores; null reads it from the database. */
  from: string | null;
  to: string;
  /** Expressions over the row where the types do not convert by themselves; null for none. */
  using: string | null;
  usingBack: string | null;
}

export interface CreateIndex {
  kind: 'create-index';
  table: QualifiedName;
  /** In the order of the index. */
  columns: string[];
  unique: boolean;
}

export interface BackfillColumn {
  kind: 'backfill';
  table: QualifiedName;
  /** Columns of the primary key or of a unique key without NULLs; empty reads the primary key from the database. */
  key: string[];
  column: string;
  /** The new value, computed from the row. */
  expression: string;
  /** true leaves rows alone that have a value. */
  onlyEmpty: boolean;
}
