import { backfillColumn } from './backfill-column';
import { moveRows } from './move-rows';
import { purgeRows } from './purge-rows';
import { removeDuplicates } from './remove-duplicates';

/** Kinds of change to rows, in the order pickers list them. */
export const dataChanges = [backfillColumn, purgeRows, moveRows, removeDuplicates] as const;
