import { rebuildView } from './rebuild-view';
import { replaceMaterializedView } from './replace-materialized-view';
import { replaceView } from './replace-view';

/** Kinds of change to views, in the order pickers list them. */
export const viewChanges = [replaceView, rebuildView, replaceMaterializedView] as const;
