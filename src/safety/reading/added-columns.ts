import type { AlterTableCmd, ColumnDef } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import type { RuleContext } from '../rule';
import { alteredTable, commandsOf } from './commands';
import { oncePerStatement } from './once-per-statement';

export interface AddedColumn {
  command: AlterTableCmd;
  definition: ColumnDef;
  /** The column's name. */
  name: string;
  /** The table, as people write it. */
  table: string;
  /** The table's key in the known schema. */
  key: string;
}

/** The columns an ALTER TABLE adds to a table that others see; those that IF NOT EXISTS leaves alone are not among them. */
export function addedColumns(context: RuleContext): readonly AddedColumn[] {
  return readAddedColumns(context);
}

const readAddedColumns = oncePerStatement((context): readonly AddedColumn[] => {
  const table = alteredTable(context);
  if (!table) return [];
  const key = relationKey(context.schema, asKind(context.statement.node, 'AlterTableStmt')?.relation);
  const present = context.schema.relations.get(key)?.columns ?? [];
  return commandsOf(context, 'AT_AddColumn').flatMap((command) => {
    const definition = asKind(command.def, 'ColumnDef');
    const name = definition?.colname ?? '';
    if (!definition) return [];
    if (command.missing_ok && present.some((column) => column.name === name)) return [];
    return [{ command, definition, name, table, key }];
  });
});
