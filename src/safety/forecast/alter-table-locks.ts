import type { AlterTableCmd } from '@pgsql/types';
import { asKind } from '../../sql/tree';
import type { LockMode } from '../forecast';
import type { Effects } from './effects';
import { optionLock } from './storage-options';

/** ATPrepCmd: which subcommands go on to inheriting tables, which to partitions only, and which stay. */
export function reachesChildren(command: AlterTableCmd, key: string, effects: Effects): boolean {
  const { schema, major } = effects.context;
  const partitioned = schema.relations.get(key)?.kind === 'partitioned';
  const subtype = command.subtype ?? '';
  // Up to 14 a partitioned table has no triggers of foreign keys itself.
  if (/^AT_(Enable|Disable).*Trig/.test(subtype))
    return partitioned && (major >= 15 || (schema.relations.get(key)?.triggers.length ?? 0) > 0);
  if (/^AT_(Add|Set|Drop)Identity$/.test(subtype)) return partitioned && major >= 17;
  if (subtype === 'AT_AddConstraint') {
    const constraint = asKind(command.def, 'Constraint');
    const kind = constraint?.contype ?? '';
    // Since 18 children are locked before it is known whether they get it.
    if (constraint?.is_no_inherit && major < 18) return false;
    return partitioned || !/^CONSTR_(FOREIGN|UNIQUE|EXCLUSION)$/.test(kind);
  }
  return !staysAtItself.test(subtype);
}

const staysAtItself =
  /^AT_(ChangeOwner|SetTableSpace|SetAccessMethod|ClusterOn|DropCluster|SetLogged|SetUnLogged|SetRelOptions|ResetRelOptions|ReplaceRelOptions|SetOptions|ResetOptions|SetCompression|(Enable|Disable).*Rule|AddInherit|DropInherit|AddOf|DropOf|ReplicaIdentity|.*RowSecurity|AttachPartition|DetachPartition.*)$/;

/** AlterTableGetLockLevel in tablecmds.c. */
export function lockOf(command: AlterTableCmd, effects: Effects): LockMode {
  switch (command.subtype) {
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
    case 'AT_ValidateConstraint':
    case 'AT_AttachPartition':
    case 'AT_DetachPartitionFinalize':
      return 'ShareUpdateExclusiveLock';
    case 'AT_DetachPartition':
      return asKind(command.def, 'PartitionCmd')?.concurrent
        ? 'ShareUpdateExclusiveLock'
        : 'AccessExclusiveLock';
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
    case 'AT_EnableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrig':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
      return 'ShareRowExclusiveLock';
    case 'AT_AddConstraint':
      return asKind(command.def, 'Constraint')?.contype === 'CONSTR_FOREIGN'
        ? 'ShareRowExclusiveLock'
        : 'AccessExclusiveLock';
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_ReplaceRelOptions':
      return optionLock(asKind(command.def, 'List')?.items ?? [], effects.context.major);
    default:
      return 'AccessExclusiveLock';
  }
}
