/** Kinds of change to constraints, in the order pickers list them. */
export const constraintChanges = [] as const;
