import type { AlterTableCmd } from '@pgsql/types';
import { hasComment, textAfter, textBefore } from '../../sql/clause-text';
import type { QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';

/** ALTER COLUMN and DROP COLUMN as a change; null for what no recipe makes. */
export function alteredColumn(
  { text }: Statement,
  command: AlterTableCmd,
  table: QualifiedName,
): SingleChange | null {
  const column = command.name;
  if (column === undefined) return null;
  switch (command.subtype) {
    case 'AT_ColumnDefault': {
      if (!command.def) return { kind: 'drop-default', table, column };
      const expression = textAfter(text, ['set', 'default'])?.trim();
      return expression === undefined || hasComment(expression)
        ? null
        : { kind: 'set-default', table, column, expression };
    }
    case 'AT_SetNotNull':
      return { kind: 'set-not-null', table, column, value: null };
    case 'AT_DropNotNull':
      return { kind: 'drop-not-null', table, column };
    case 'AT_DropColumn':
      return command.behavior === 'DROP_CASCADE' || command.missing_ok
        ? null
        : { kind: 'drop-column', table, column, backup: false, value: null };
    case 'AT_AlterColumnType':
      return retypedColumn(text, command, table, column);
    default:
      return null;
  }
}

function retypedColumn(
  text: string,
  command: AlterTableCmd,
  table: QualifiedName,
  column: string,
): SingleChange | null {
  const definition = asKind(command.def, 'ColumnDef');
  const written = textAfter(text, ['type']);
  if (!definition || definition.collClause || written === null || hasComment(written)) return null;
  const type = textBefore(written, ['using']).trim();
  const using = definition.raw_default ? textAfter(written, ['using'])!.trim() : null;
  return { kind: 'change-column-type', table, column, type, using, back: null };
}
