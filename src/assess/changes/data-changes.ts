import { backfillColumn } from './backfill-column';

/** Kinds of change to rows, in the order pickers list them. */
export const dataChanges = [backfillColumn] as const;
