import { addIndex } from './add-index';
import { dropIndex } from './drop-index';

/** Kinds of change to indexes, in the order pickers list them. */
export const indexChanges = [addIndex, dropIndex] as const;
