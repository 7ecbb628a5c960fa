import * as vscode from 'vscode';
import type { TableSummary } from '../journey/tables';
import { t } from '../messages/translate';
import type { ChangeDraft } from '../protocol/wizard-state';
import { rowsText } from '../templates/rows-text';
import type { ActiveDatabase } from './active-database';
import { bytes, tableName } from './format';
import { treeItemContexts } from './ids';
import { emptyDraft } from './wizard/empty-draft';

/** A table or view of the connected database, or a part of one. */
export type DatabaseNode = TableNode | PartNode;

export interface TableNode {
  kind: 'table';
  table: TableSummary;
}

export interface PartNode {
  kind: 'part';
  table: TableSummary;
  part: 'column' | 'constraint' | 'index';
  name: string;
  /** Its type or definition. */
  detail: string;
}

/** The tables and views of the connected database by name; none without one. */
export async function tableNodes(database: ActiveDatabase): Promise<TableNode[]> {
  const { listTablesAndViews } = await import('../journey/tables');
  const tables = await database.read(async (session) => (session ? listTablesAndViews(session) : []));
  return tables
    .map((table): TableNode => ({ kind: 'table', table }))
    .sort((left, right) => tableName(left.table).localeCompare(tableName(right.table)));
}

/** Columns in their order, then constraints and indexes. */
export async function partNodes(database: ActiveDatabase, { table }: TableNode): Promise<PartNode[]> {
  const { emptyOutline, readOutline } = await import('../journey/tables');
  const outline = await database.read(async (session) =>
    session ? readOutline(session, table) : emptyOutline,
  );
  const of = (part: PartNode['part'], name: string, detail: string): PartNode => ({
    kind: 'part',
    table,
    part,
    name,
    detail,
  });
  return [
    ...outline.columns.map(({ name, type, notNull }) =>
      of('column', name, notNull ? t('{0}, required', type) : type),
    ),
    ...outline.constraints.map(({ name, definition }) => of('constraint', name, definition)),
    ...outline.indexes.map(({ name, definition }) => of('index', name, definition)),
  ];
}

/** How the tree shows it. */
export function databaseItem(node: DatabaseNode): vscode.TreeItem {
  switch (node.kind) {
    case 'table':
      return tableItem(node);
    case 'part':
      return partItem(node);
  }
}

function tableItem({ table }: TableNode): vscode.TreeItem {
  const name = tableName(table);
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `table:${name}`;
  item.description = table.kind === 'view' ? t('view') : sizeText(table);
  item.iconPath = new vscode.ThemeIcon(table.kind === 'view' ? 'eye' : 'table');
  item.contextValue = treeItemContexts.databaseObject;
  item.accessibilityInformation = { label: t('Table {0}, {1}', name, item.description) };
  if (table.kind === 'view') item.accessibilityInformation = { label: t('View {0}', name) };
  return item;
}

function sizeText(table: TableSummary): string {
  return t('{0}, {1}', rowsText(table.estimatedRows), bytes(table.bytes));
}

const partIcons = { column: 'symbol-field', constraint: 'shield', index: 'list-ordered' } as const;

function partItem({ table, part, name, detail }: PartNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.id = `${part}:${tableName(table)}:${name}`;
  item.description = detail;
  item.tooltip = `${name} ${detail}`;
  item.iconPath = new vscode.ThemeIcon(partIcons[part]);
  item.contextValue = treeItemContexts.databaseObject;
  item.accessibilityInformation = { label: `${partWord(part)} ${name}, ${detail}` };
  return item;
}

function partWord(part: PartNode['part']): string {
  switch (part) {
    case 'column':
      return t('Column');
    case 'constraint':
      return t('Constraint');
    case 'index':
      return t('Index');
  }
}

export function isDatabaseNode(argument: unknown): argument is DatabaseNode {
  const { kind, table } = (argument ?? {}) as Partial<DatabaseNode>;
  return table !== undefined && (kind === 'table' || kind === 'part');
}

/** The form for a change of what was picked; which one, and how, is chosen there. */
export function draftFor(node: DatabaseNode): ChangeDraft {
  const table = tableName(node.table);
  if (node.kind === 'table')
    return { ...emptyDraft(node.table.kind === 'view' ? 'replace-view' : 'add-column'), table };
  switch (node.part) {
    case 'column':
      // Kinds of change call it one or the other.
      return { ...emptyDraft('rename-column'), table, values: { from: node.name, column: node.name } };
    case 'constraint':
      return { ...emptyDraft('rename-constraint'), table, values: { constraint: node.name } };
    case 'index':
      return { ...emptyDraft('rename-index'), table, values: { index: node.name } };
  }
}
