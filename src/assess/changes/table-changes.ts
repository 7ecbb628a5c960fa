import { attachPartition } from './attach-partition';
import { detachPartition } from './detach-partition';
import { setComment } from './set-comment';
import { setReplicaIdentity } from './set-replica-identity';
import { setRowSecurity } from './set-row-security';

/** Kinds of change to whole tables, in the order pickers list them. */
export const tableChanges = [
  attachPartition,
  detachPartition,
  setRowSecurity,
  setReplicaIdentity,
  setComment,
] as const;
