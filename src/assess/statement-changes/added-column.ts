import type { AlterTableCmd, ColumnDef, Constraint } from '@pgsql/types';
import { isSerial } from '../../safety/column-type';
import { hasComment } from '../../sql/clause-text';
import type { QualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { SingleChange } from '../change';

/**
 * ADD COLUMN as a change. A required one without a default has an empty `fill.expression`: only a person knows it. Null
 * for a column that no recipe makes: serial, with a key, a check or a reference of its own.
 */
export function addedColumn(
  statement: Statement,
  command: AlterTableCmd,
  table: QualifiedName,
): SingleChange | null {
  const definition = asKind(command.def, 'ColumnDef');
  const written = definition && writtenColumn(statement, command, definition);
  if (!written || !definition.colname) return null;
  const { type } = written;
  const column = { table, column: definition.colname, type };
  if (!written.required) {
    const source =
      written.default === null
        ? { by: 'writer' as const }
        : { by: 'default' as const, expression: written.default };
    return { kind: 'add-column', ...column, source };
  }
  return {
    kind: 'add-required-column',
    ...column,
    fill: { by: 'default', expression: written.default ?? '' },
    keepDefault: written.default !== null,
  };
}

interface WrittenColumn {
  type: string;
  default: string | null;
  required: boolean;
}

/** Type and default as the author wrote them. */
function writtenColumn(
  statement: Statement,
  command: AlterTableCmd,
  definition: ColumnDef,
): WrittenColumn | null {
  const constraints = (definition.constraints ?? []).flatMap((node) => asKind(node, 'Constraint') ?? []);
  const kinds = constraints.map((constraint) => constraint.contype);
  const isPlain = kinds.every((kind) => kind === 'CONSTR_NOTNULL' || kind === 'CONSTR_DEFAULT');
  const needsMore = definition.collClause || definition.compression || definition.storage_name;
  if (!isPlain || needsMore || isSerial(definition.typeName)) return null;
  const ends = [...constraints.map(placeOf), statement.end.offset].sort((a, b) => a - b);
  const until = (from: number): string => {
    const end = ends.find((place) => place > from) ?? from;
    return statement.text.slice(from - statement.start.offset, end - statement.start.offset).trim();
  };
  const byDefault = constraints.find((constraint) => constraint.contype === 'CONSTR_DEFAULT');
  const type = until(definition.typeName?.location ?? 0);
  const value = byDefault && until(placeOf(byDefault)).replace(/^default\s*/i, '');
  if (command.behavior === 'DROP_CASCADE' || type === '' || hasComment(type) || hasComment(value ?? ''))
    return null;
  return { type, default: value ?? null, required: kinds.includes('CONSTR_NOTNULL') };
}

function placeOf(constraint: Constraint): number {
  return constraint.location ?? 0;
}
