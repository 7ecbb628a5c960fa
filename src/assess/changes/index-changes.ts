import { addIndex } from './add-index';
import { dropIndex } from './drop-index';
import { renameIndex } from './rename-index';

/** Kinds of change to indexes, in the order pickers list them. */
export const indexChanges = [addIndex, dropIndex, renameIndex] as const;
