import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { ConstraintFacts, ForeignKeyFacts, TableFacts } from '../../catalog/table-facts';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { asKind, stringOf } from '../../sql/tree';
import { copyName } from '../../sql/free-name';
import { constraintNames } from './not-null-proof';
import { renameInStatement, type ColumnRenaming } from './rename-in-definition';

/** A CHECK or foreign key on the new column that stands for one on the old. */
export interface ConstraintCopy {
  /** The table that has it: the renamed one, or another whose foreign key points at it. */
  table: QualifiedName;
  name: string;
  originalName: string;
  /** Its name is a stand-in: at contract it gets the original's. */
  temporary: boolean;
  /** Without NOT VALID. */
  definition: string;
  comment: string | null;
  /** Whether the original was validated, so that the copy has to be. */
  validate: boolean;
  /** `foreign-key-in`: one that points at the column; DROP COLUMN would refuse to go while it is there. */
  kind: 'check' | 'foreign-key-out' | 'foreign-key-in';
}

/** Copies of every CHECK and foreign key, in both directions, that uses the column. */
export function constraintCopies(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
): ConstraintCopy[] {
  const taken = constraintNames(table);
  const checks = table.constraints
    .filter((constraint) => constraint.kind === 'check' && constraint.columns.includes(renaming.from))
    .map((constraint) => checkCopy(parser, table, constraint, renaming, taken));
  const outgoing = table.foreignKeysOut
    .filter((key) => key.fromColumns.includes(renaming.from) || isSelfReference(key, table, renaming))
    .map((key) => {
      const kind = isSelfReference(key, table, renaming) ? 'foreign-key-in' : 'foreign-key-out';
      return foreignKeyCopy(parser, key, renaming, taken, table.name, kind);
    });
  const incoming = table.foreignKeysIn
    .filter((key) => key.toColumns.includes(renaming.from) && !sameName(key.from, table.name))
    .map((key) => foreignKeyCopy(parser, key, renaming, new Set([key.name]), table.name, 'foreign-key-in'));
  return [...checks, ...outgoing, ...incoming];
}

/** ALTER TABLE ... ADD CONSTRAINT ... NOT VALID, and its comment. */
export function addCopy(copy: Pick<ConstraintCopy, 'table' | 'name' | 'definition' | 'comment'>): string[] {
  const relation = formatQualifiedName(copy.table);
  const name = formatIdentifier(copy.name);
  const add = `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${name} ${copy.definition} NOT VALID`;
  return copy.comment === null
    ? [add]
    : [add, `COMMENT ON CONSTRAINT ${name} ON ${relation} IS ${quoteLiteral(copy.comment)}`];
}

/** ALTER TABLE ... DROP CONSTRAINT. */
export function dropCopy(copy: ConstraintCopy): string {
  return `ALTER TABLE ${formatQualifiedName(copy.table)} DROP CONSTRAINT ${formatIdentifier(copy.name)}`;
}

/** Statements of the contract phase, before the old column goes: foreign keys that point at it. */
export function dropOriginals(copies: readonly ConstraintCopy[]): string[] {
  return copies
    .filter((copy) => copy.kind === 'foreign-key-in')
    .map(
      (copy) =>
        `ALTER TABLE ${formatQualifiedName(copy.table)} DROP CONSTRAINT ${formatIdentifier(copy.originalName)}`,
    );
}

/** Statements of the contract phase, after the old column has gone: stand-in names become the originals'. */
export function finalConstraintNames(copies: readonly ConstraintCopy[]): string[] {
  return copies
    .filter((copy) => copy.temporary)
    .map(
      (copy) =>
        `ALTER TABLE ${formatQualifiedName(copy.table)} RENAME CONSTRAINT ` +
        `${formatIdentifier(copy.name)} TO ${formatIdentifier(copy.originalName)}`,
    );
}

function checkCopy(
  parser: SqlParser,
  table: TableFacts,
  constraint: ConstraintFacts,
  renaming: ColumnRenaming,
  taken: Set<string>,
): ConstraintCopy {
  const head = `ALTER TABLE ${formatQualifiedName(table.name)} ADD `;
  const definition = constraint.definition.replace(/ NOT VALID$/, '');
  const { name, temporary } = copyName(constraint.name, renaming.from, renaming.to, taken);
  taken.add(name);
  return {
    table: table.name,
    name,
    originalName: constraint.name,
    temporary,
    definition: renameInStatement(parser, head + definition, renaming).slice(head.length),
    comment: constraint.comment,
    validate: constraint.validated,
    kind: 'check',
  };
}

function foreignKeyCopy(
  parser: SqlParser,
  key: ForeignKeyFacts,
  renaming: ColumnRenaming,
  taken: Set<string>,
  table: QualifiedName,
  kind: ConstraintCopy['kind'],
): ConstraintCopy {
  const { name, temporary } = copyName(key.name, renaming.from, renaming.to, taken);
  taken.add(name);
  const renamed = (columns: readonly string[], of: QualifiedName): string =>
    columns
      .map((column) =>
        formatIdentifier(sameName(of, table) && column === renaming.from ? renaming.to : column),
      )
      .join(', ');
  const definition =
    `FOREIGN KEY (${renamed(key.fromColumns, key.from)}) ` +
    `REFERENCES ${formatQualifiedName(key.to)} (${renamed(key.toColumns, key.to)})` +
    foreignKeyOptions(parser, key, (columns) => renamed(columns, key.from));
  return {
    table: key.from,
    name,
    originalName: key.name,
    temporary,
    definition,
    comment: key.comment ?? null,
    validate: key.validated,
    kind,
  };
}

/** MATCH, ON UPDATE, ON DELETE and DEFERRABLE as the original has them. */
export function foreignKeyOptions(
  parser: SqlParser,
  key: ForeignKeyFacts,
  columnList: (columns: readonly string[]) => string,
): string {
  const node = parser.parse(`ALTER TABLE x ADD ${key.definition}`).statements[0]?.node;
  const command = asKind(asKind(node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd');
  const constraint = asKind(command?.def, 'Constraint');
  if (!constraint) {
    throw new SwitchbackError(
      'syntax-error',
      t(
        'The foreign key {0} could not be read: {1}. Report this with the definition.',
        key.name,
        key.definition,
      ),
    );
  }
  const setColumns = (constraint.fk_del_set_cols ?? []).map((column) => stringOf(column));
  const parts = [
    constraint.fk_matchtype === 'f' ? ' MATCH FULL' : '',
    action('ON UPDATE', constraint.fk_upd_action),
    action('ON DELETE', constraint.fk_del_action),
    setColumns.length > 0 ? ` (${columnList(setColumns)})` : '',
    constraint.deferrable ? ' DEFERRABLE' : '',
    constraint.initdeferred ? ' INITIALLY DEFERRED' : '',
  ];
  return parts.join('');
}

function action(event: string, code: string | undefined): string {
  const actions: Record<string, string> = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT', r: 'RESTRICT' };
  const words = actions[code ?? 'a'];
  return words === undefined ? '' : ` ${event} ${words}`;
}

function isSelfReference(key: ForeignKeyFacts, table: TableFacts, renaming: ColumnRenaming): boolean {
  return sameName(key.to, table.name) && key.toColumns.includes(renaming.from);
}

function sameName(left: QualifiedName, right: QualifiedName): boolean {
  return left.schema === right.schema && left.name === right.name;
}
