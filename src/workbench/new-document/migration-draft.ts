import type { MigrationChange, MigrationLanguage } from '../../implement/new-migration/answers';
import { parseQualifiedName } from '../../sql/identifier';

export type MigrationKind = MigrationChange['kind'];

/** The answers while they are asked for: all that any kind of change needs, empty where nothing was said yet. */
export interface MigrationDraft {
  kind: MigrationKind;
  /** As SQL spells it. */
  table: string;
  /** The table's name was typed: what a database would know of it is asked for. */
  typedTable: boolean;
  column: string;
  /** The new name of a renamed column. */
  newName: string;
  type: string;
  /** Of a column whose type changes: the one it has. */
  oldType: string;
  default: string | null;
  required: boolean;
  fill: string | null;
  key: string[];
  /** Of an index, in its order. */
  columns: string[];
  unique: boolean;
  using: string | null;
  usingBack: string | null;
  expression: string;
  onlyEmpty: boolean;
  language: MigrationLanguage;
  /** Relative to the workspace; empty until it is known. */
  folder: string;
  /** null until somebody typed one: it follows the change. */
  name: string | null;
}

/** Nothing said yet. */
export function emptyMigrationDraft(): MigrationDraft {
  return {
    kind: 'add-column',
    table: '',
    typedTable: true,
    column: '',
    newName: '',
    type: '',
    oldType: '',
    default: null,
    required: false,
    fill: null,
    key: [],
    columns: [],
    unique: false,
    using: null,
    usingBack: null,
    expression: '',
    onlyEmpty: true,
    language: 'sql',
    folder: '',
    name: null,
  };
}

/** The change that the answers describe. Of a table of the database, what it knows is left for it to say. */
export function changeOfDraft(draft: MigrationDraft): MigrationChange {
  if (draft.kind === 'empty') return { kind: 'empty' };
  const table = parseQualifiedName(draft.table);
  const { column } = draft;
  switch (draft.kind) {
    case 'add-column':
      return {
        kind: 'add-column',
        table,
        column,
        type: draft.type,
        default: draft.default,
        required: draft.required,
        fill: draft.required ? draft.fill : null,
        key: draft.typedTable && draft.required ? draft.key : [],
      };
    case 'drop-column':
      return {
        kind: 'drop-column',
        table,
        column,
        definition: draft.typedTable
          ? { type: draft.oldType, default: draft.default, required: draft.required }
          : null,
      };
    case 'rename-column':
      return { kind: 'rename-column', table, from: column, to: draft.newName };
    case 'change-type':
      return {
        kind: 'change-type',
        table,
        column,
        from: draft.typedTable ? draft.oldType : null,
        to: draft.type,
        using: draft.using,
        usingBack: draft.usingBack,
      };
    case 'create-index':
      return { kind: 'create-index', table, columns: draft.columns, unique: draft.unique };
    case 'backfill':
      return {
        kind: 'backfill',
        table,
        key: draft.typedTable ? draft.key : [],
        column,
        expression: draft.expression,
        onlyEmpty: draft.onlyEmpty,
      };
  }
}

/** Words for the file, from what changes: `add orders note`. */
export function usualName(draft: MigrationDraft): string {
  const table = draft.table === '' ? '' : parseQualifiedName(draft.table).name;
  switch (draft.kind) {
    case 'empty':
      return 'change';
    case 'add-column':
      return `add ${table} ${draft.column}`;
    case 'drop-column':
      return `drop ${table} ${draft.column}`;
    case 'rename-column':
      return `rename ${table} ${draft.column} to ${draft.newName}`;
    case 'change-type':
      return `change type of ${table} ${draft.column}`;
    case 'create-index':
      return `index ${table} ${draft.columns.join(' ')}`;
    case 'backfill':
      return `backfill ${table} ${draft.column}`;
  }
}
