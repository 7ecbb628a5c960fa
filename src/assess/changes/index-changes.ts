import { addIndex } from './add-index';

/** Kinds of change to indexes, in the order pickers list them. */
export const indexChanges = [addIndex] as const;
