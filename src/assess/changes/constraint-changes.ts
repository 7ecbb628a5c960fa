import { addCheck } from './add-check';
import { addForeignKey } from './add-foreign-key';
import { addPrimaryKey } from './add-primary-key';
import { addUnique } from './add-unique';
import { dropConstraint } from './drop-constraint';
import { renameConstraint } from './rename-constraint';
import { setDeferrable } from './set-deferrable';
import { addExclusion } from './add-exclusion';

/** Kinds of change to constraints, in the order pickers list them. */
export const constraintChanges = [
  addCheck,
  addForeignKey,
  addUnique,
  addPrimaryKey,
  dropConstraint,
  renameConstraint,
  setDeferrable,
  addExclusion,
] as const;
