import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { ColumnDefinition } from './answers';

interface OfTable {
  table: QualifiedName;
}

/** ALTER TABLE ... ADD COLUMN. Type and default are SQL that was checked before. */
export function addColumnSql(change: OfTable & { column: string }, definition: ColumnDefinition): string {
  const parts = [
    `${alterTable(change)} add column ${formatIdentifier(change.column)} ${definition.type}`,
    ...(definition.required ? ['not null'] : []),
    ...(definition.default === null ? [] : [`default ${enclosed(definition.default)}`]),
  ];
  return parts.join(' ');
}

export function dropColumnSql(change: OfTable, column: string): string {
  return `${alterTable(change)} drop column ${formatIdentifier(column)}`;
}

export function setDefaultSql(change: OfTable, column: string, expression: string): string {
  return `${alterTable(change)} alter column ${formatIdentifier(column)} set default ${enclosed(expression)}`;
}

export function dropDefaultSql(change: OfTable, column: string): string {
  return `${alterTable(change)} alter column ${formatIdentifier(column)} drop default`;
}

export function alterTable(change: OfTable): string {
  return `alter table ${formatQualifiedName(change.table)}`;
}

/** An expression as a value of its own: in parentheses, which a default takes of any expression. */
export function enclosed(expression: string): string {
  return `(${expression.trim()})`;
}
