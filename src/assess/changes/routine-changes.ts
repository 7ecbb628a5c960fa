import { replaceFunction } from './replace-function';

/** Kinds of change to functions and procedures, in the order pickers list them. */
export const routineChanges = [replaceFunction] as const;
