import { backfillColumn } from './backfill-column';
import { purgeRows } from './purge-rows';
import { removeDuplicates } from './remove-duplicates';

/** Kinds of change to rows, in the order pickers list them. */
export const dataChanges = [backfillColumn, purgeRows, removeDuplicates] as const;
