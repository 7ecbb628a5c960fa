/** Kinds of change to indexes, in the order pickers list them. */
export const indexChanges = [] as const;
