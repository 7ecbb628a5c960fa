import { attachPartition } from './attach-partition';
import { createTable } from './create-table';
import { changePrimaryKey } from './change-primary-key';
import { detachPartition } from './detach-partition';
import { dropTable } from './drop-table';
import { mergeTables } from './merge-tables';
import { moveTable } from './move-table';
import { moveToDatabase } from './move-to-database';
import { partitionTable } from './partition-table';
import { renameTable } from './rename-table';
import { setComment } from './set-comment';
import { setReplicaIdentity } from './set-replica-identity';
import { setRowSecurity } from './set-row-security';
import { splitTable } from './split-table';

/** Kinds of change to whole tables, in the order pickers list them. */
export const tableChanges = [
  createTable,
  renameTable,
  moveTable,
  dropTable,
  changePrimaryKey,
  splitTable,
  mergeTables,
  partitionTable,
  moveToDatabase,
  attachPartition,
  detachPartition,
  setRowSecurity,
  setReplicaIdentity,
  setComment,
] as const;
