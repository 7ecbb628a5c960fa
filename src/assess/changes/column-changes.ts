import { addRequiredColumn } from './add-required-column';
import { renameColumn } from './rename-column';
import { setDefault } from './set-default';

/** Kinds of change to columns, in the order pickers list them. */
export const columnChanges = [renameColumn, addRequiredColumn, setDefault] as const;
