import type { ColumnDef, Constraint, Node } from '@pgsql/types';
import { asKind, strings } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { mentions } from '../known-constraint';
import { relationKey } from '../known-schema';
import type { RuleContext } from '../rule';
import { inlineConstraints, typePlace } from './column-definition';
import { oncePerStatement } from './once-per-statement';

/** A column that no row has a value in yet. */
export interface NewColumn {
  definition: ColumnDef;
  name: string;
  /** The table, as people write it. */
  table: string;
  /** Constraints of the statement's table that are written apart from columns. */
  tableConstraints: Constraint[];
  /** By CREATE TABLE: nobody has a row of the table. */
  ofNewTable: boolean;
  /** Whether the table is partitioned, a partition or inherits: its columns then have to be as others are. */
  bound: boolean;
}

/** The columns that a CREATE TABLE or ALTER TABLE makes. */
export function newColumns(context: RuleContext): readonly NewColumn[] {
  return readNewColumns(context);
}

const readNewColumns = oncePerStatement(({ statement, schema }): readonly NewColumn[] => {
  const create = asKind(statement.node, 'CreateStmt');
  const alter = asKind(statement.node, 'AlterTableStmt');
  const table = relationLabel(relationKey(schema, (create ?? alter)?.relation));
  const commands = (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd'));
  const added = commands.flatMap((command) => (command?.subtype === 'AT_AddColumn' ? [command.def] : []));
  const elements: (Node | undefined)[] = create ? (create.tableElts ?? []) : added;
  const tableConstraints = [...(create?.tableElts ?? []), ...commands.map((command) => command?.def)]
    .map((node) => asKind(node, 'Constraint'))
    .filter((constraint) => constraint !== null);
  const bound = Boolean(create?.partspec ?? create?.partbound ?? create?.inhRelations ?? create?.ofTypename);
  return elements.flatMap((element) => {
    const definition = asKind(element, 'ColumnDef');
    if (!definition?.typeName) return [];
    const name = definition.colname ?? '';
    return [{ definition, name, table, tableConstraints, ofNewTable: create !== null, bound }];
  });
});

/** The name of a type of PostgreSQL's own; empty for one of another schema. */
export function typeName(definition: ColumnDef): string {
  const parts = strings(definition.typeName?.names);
  return parts.length === 1 || parts[0] === 'pg_catalog' ? (parts.at(-1) ?? '') : '';
}

/** The kinds of constraints a column has, inline or with it alone at its table. */
export function keyKinds({ definition, name, tableConstraints }: NewColumn): Constraint['contype'][] {
  const alone = tableConstraints.filter(
    ({ keys, fk_attrs }) => [...strings(keys), ...strings(fk_attrs)].join() === name,
  );
  return [...inlineConstraints(definition), ...alone].map((constraint) => constraint.contype);
}

/**
 * Another type for a new column, written in place of its first word; null where something else in the statement goes
 * by the column's type.
 */
export function otherType(
  context: RuleContext,
  column: NewColumn,
  title: string,
  replacement: (written: string) => string,
): FixProposal | null {
  const { script, statement } = context;
  if (column.bound || goesByType(context, column)) return null;
  const place = typePlace(script.sql, column.definition, statement.end.offset);
  if (!place) return null;
  const written = script.sql.slice(place.start, place.end);
  // `timestamp ARRAY` has no brackets to keep.
  if (/\b(?:array|setof)\b/i.test(written)) return null;
  const newText = replacement(written);
  return { kind: 'edit', title, edits: [{ ...place, newText }], follows: [] };
}

/** The brackets of a type as written, `(3)` and `[]`, without its words; empty without any. */
export function typeArguments(written: string): string {
  return (written.match(/\([^)]*\)|\[[^\]]*\]/g) ?? []).join('');
}

function goesByType({ statement }: RuleContext, { definition, name, tableConstraints }: NewColumn): boolean {
  const create = asKind(statement.node, 'CreateStmt');
  const everyConstraint = (create?.tableElts ?? []).flatMap((node) =>
    inlineConstraints(asKind(node, 'ColumnDef')),
  );
  const own = inlineConstraints(definition);
  if (own.some((each) => each.contype === 'CONSTR_FOREIGN' || each.contype === 'CONSTR_GENERATED'))
    return true;
  return [...everyConstraint, ...own, ...tableConstraints].some(
    (each) =>
      each.contype === 'CONSTR_EXCLUSION' ||
      (each.raw_expr !== undefined && each.contype !== 'CONSTR_DEFAULT' && mentions([each.raw_expr], name)) ||
      (each.contype === 'CONSTR_FOREIGN' && strings(each.fk_attrs).includes(name)),
  );
}
