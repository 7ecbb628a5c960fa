import type { AlterTableCmd } from '@pgsql/types';
import type { KnownSchema } from '../safety/known-schema';
import { hasComment, textAfter } from '../sql/clause-text';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Statement } from '../sql/statement';
import { asKind, strings } from '../sql/tree';
import type { SingleChange } from './change';
import { addedColumn } from './statement-changes/added-column';
import { addedConstraint } from './statement-changes/added-constraint';
import { alteredAttribute } from './statement-changes/altered-attribute';
import { alteredColumn } from './statement-changes/altered-column';
import { alteredType } from './statement-changes/altered-type';
import { changedRows } from './statement-changes/changed-rows';
import { createdIndex } from './statement-changes/created-index';
import { createdTable } from './statement-changes/created-table';
import { droppedObject } from './statement-changes/dropped-object';
import { existingTable } from './statement-changes/existing-table';
import { extendedStatistics } from './statement-changes/planner-statistics';
import { renamedObject } from './statement-changes/renamed-object';
import { replacedView } from './statement-changes/replaced-view';
import { commentSet } from './statement-changes/set-comment';

/**
 * The change a statement makes at once, where a recipe carries it out in phases; null for all others, and for tables
 * the same script made. A required column without a default has an empty `fill.expression`: only a person knows it.
 */
export function changeOfStatement(statement: Statement, schema: KnownSchema): SingleChange | null {
  return (
    altered(statement, schema) ??
    renamedObject(statement, schema) ??
    droppedObject(statement, schema) ??
    createdIndex(statement, schema) ??
    createdTable(statement) ??
    replacedView(statement, schema) ??
    alteredType(statement, schema) ??
    alteredAttribute(statement, schema) ??
    extendedStatistics(statement, schema) ??
    changedRows(statement, schema) ??
    commentSet(statement, schema)
  );
}

/** Whether it takes nothing else with it, and fails where it is not there. */
function isPlainDrop({ behavior, missing_ok, name }: AlterTableCmd): boolean {
  return name !== undefined && behavior !== 'DROP_CASCADE' && missing_ok !== true;
}

/** ALTER TABLE with one command, or with the two that give it another primary key. */
function altered(statement: Statement, schema: KnownSchema): SingleChange | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  const commands = (alter?.cmds ?? []).flatMap((node) => asKind(node, 'AlterTableCmd') ?? []);
  const [command] = commands;
  const table = existingTable(alter?.relation, schema);
  if (alter?.objtype !== 'OBJECT_TABLE' || !command || !table) return null;
  if (commands.length > 1) return changedKey(commands, table, schema);
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addedColumn(statement, command, table);
    case 'AT_AddConstraint': {
      const constraint = asKind(command.def, 'Constraint');
      return constraint && addedConstraint(statement, constraint, table, schema);
    }
    case 'AT_DropConstraint':
      return isPlainDrop(command) ? { kind: 'drop-constraint', table, constraint: command.name! } : null;
    case 'AT_AlterConstraint':
      return deferral(command, table);
    case 'AT_ReplicaIdentity':
      return replicaIdentity(command, table);
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
      return partitionChange(statement, command, table, schema);
    default:
      return alteredColumn(statement, command, table, schema);
  }
}

/** DROP CONSTRAINT of the primary key and ADD PRIMARY KEY of columns; null for other commands, and where the key is not known. */
function changedKey(
  commands: readonly AlterTableCmd[],
  table: QualifiedName,
  { relations }: KnownSchema,
): SingleChange | null {
  const [dropped, added, ...others] = commands;
  const key = asKind(added?.def, 'Constraint');
  const known = relations.get(formatQualifiedName(table))?.constraints.find(({ kind }) => kind === 'primary');
  if (others.length > 0 || dropped?.subtype !== 'AT_DropConstraint' || !isPlainDrop(dropped)) return null;
  if (known?.name !== dropped.name || added?.subtype !== 'AT_AddConstraint') return null;
  if (key?.contype !== 'CONSTR_PRIMARY' || key.deferrable || key.indexname || key.including || key.options)
    return null;
  const columns = strings(key.keys);
  return { kind: 'change-primary-key', table, columns, name: key.conname ?? null, keepUnique: false };
}

/** ALTER CONSTRAINT with the moment it is checked at; null for what else it can say. */
function deferral({ def }: AlterTableCmd, table: QualifiedName): SingleChange | null {
  const altered = asKind(def, 'ATAlterConstraint');
  if (!altered?.conname || !altered.alterDeferrability) return null;
  if (altered.alterEnforceability || altered.alterInheritability) return null;
  const later = altered.initdeferred ? 'deferred' : 'immediate';
  return {
    kind: 'set-deferrable',
    table,
    constraint: altered.conname,
    deferrable: altered.deferrable ? later : 'not',
  };
}

function replicaIdentity({ def }: AlterTableCmd, table: QualifiedName): SingleChange | null {
  const identity = asKind(def, 'ReplicaIdentityStmt');
  const kind = identityKinds[identity?.identity_type ?? ''];
  return kind === undefined
    ? null
    : { kind: 'set-replica-identity', table, identity: kind, index: identity?.name ?? null };
}

/** https://www.postgresql.org/docs/current/catalog-pg-class.html, relreplident */
const identityKinds: Record<string, 'default' | 'full' | 'nothing' | 'index'> = {
  d: 'default',
  f: 'full',
  n: 'nothing',
  i: 'index',
};

function partitionChange(
  { text }: Statement,
  { subtype, def }: AlterTableCmd,
  table: QualifiedName,
  schema: KnownSchema,
): SingleChange | null {
  const partition = existingTable(asKind(def, 'PartitionCmd')?.name, schema);
  if (!partition) return null;
  if (subtype === 'AT_DetachPartition') return { kind: 'detach-partition', table, partition };
  const values = textAfter(text, ['for', 'values']);
  const bound = values === null ? 'DEFAULT' : `FOR VALUES ${values.trim()}`;
  return hasComment(bound) ? null : { kind: 'attach-partition', table, partition, bound };
}
