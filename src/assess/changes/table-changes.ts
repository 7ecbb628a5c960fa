/** Kinds of change to whole tables, in the order pickers list them. */
export const tableChanges = [] as const;
