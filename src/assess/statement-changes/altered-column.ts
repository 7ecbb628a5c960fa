import type { AlterTableCmd } from '@pgsql/types';
import type { KnownSchema } from '../../safety/known-schema';
import { hasComment, textAfter, textBefore } from '../../sql/clause-text';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { SingleChange } from '../change';
import { isNarrower } from '../widened-key-type';
import { statisticsTarget } from './planner-statistics';

/** ALTER COLUMN and DROP COLUMN as a change; null for what no recipe makes. */
export function alteredColumn(
  { text }: Statement,
  command: AlterTableCmd,
  table: QualifiedName,
  schema: KnownSchema,
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
      return widenedKey(command, table, column, schema) ?? retypedColumn(text, command, table, column);
    case 'AT_SetStatistics':
      return statisticsTarget(command, table);
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

/** By their names in the catalog. */
const integers: Record<string, string> = { int2: 'smallint', int4: 'integer', int8: 'bigint' };

/** A greater integer type for the only column of a key that is known; null for all else. */
function widenedKey(
  command: AlterTableCmd,
  table: QualifiedName,
  column: string,
  { relations }: KnownSchema,
): SingleChange | null {
  const definition = asKind(command.def, 'ColumnDef');
  const type = integers[strings(definition?.typeName?.names).at(-1) ?? ''];
  const known = relations.get(formatQualifiedName(table));
  const key = known?.constraints.find(({ kind }) => kind === 'primary')?.columns;
  const present = known?.columns.find(({ name }) => name === column)?.type;
  if (key?.length !== 1 || key[0] !== column || !present || present.array) return null;
  if (definition?.raw_default || definition?.typeName?.arrayBounds) return null;
  if ((type !== 'integer' && type !== 'bigint') || !isNarrower(integers[present.name] ?? '', type))
    return null;
  return { kind: 'widen-key', table, type };
}
