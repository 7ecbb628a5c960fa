import type { AlterTableCmd, AlterTableType, Constraint } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import { relationKey } from '../known-schema';
import { relationLabel } from '../forecast/describe-forecast';
import type { RuleContext } from '../rule';

/** The table an ALTER TABLE names, as people write it; null for other statements and tables nobody sees yet. */
export function alteredTable(context: RuleContext): string | null {
  const alter = asKind(context.statement.node, 'AlterTableStmt');
  if (!alter || (alter.objtype !== undefined && alter.objtype !== 'OBJECT_TABLE')) return null;
  const key = relationKey(context.schema, alter.relation);
  return isUnseen(context, key) ? null : relationLabel(key);
}

/** Whether a relation was made by this script, or is temporary: nobody waits for it. */
export function isUnseen(context: RuleContext, key: string): boolean {
  const relation = context.schema.relations.get(key);
  return relation?.fresh === true || relation?.persistence === 'temporary';
}

/** The commands of one kind in an ALTER TABLE. */
export function commandsOf(context: RuleContext, subtype: AlterTableType): AlterTableCmd[] {
  const commands = asKind(context.statement.node, 'AlterTableStmt')?.cmds ?? [];
  return commands
    .map((node) => asKind(node, 'AlterTableCmd'))
    .filter((command): command is AlterTableCmd => command?.subtype === subtype);
}

/** Constraints an ALTER TABLE adds, by ADD CONSTRAINT or inline in ADD COLUMN, with the column of inline ones. */
export function addedConstraints(context: RuleContext): { constraint: Constraint; column: string | null }[] {
  const tabled = commandsOf(context, 'AT_AddConstraint').map((command) => ({
    constraint: asKind(command.def, 'Constraint'),
    column: null,
  }));
  const inline = commandsOf(context, 'AT_AddColumn').flatMap((command) => {
    const definition = asKind(command.def, 'ColumnDef');
    return (definition?.constraints ?? []).map((node) => ({
      constraint: asKind(node, 'Constraint'),
      column: definition?.colname ?? null,
    }));
  });
  return [...tabled, ...inline].filter(
    (each): each is { constraint: Constraint; column: string | null } => each.constraint !== null,
  );
}
