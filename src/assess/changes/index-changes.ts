import { addIndex } from './add-index';
import { dropIndex } from './drop-index';
import { renameIndex } from './rename-index';
import { addStatistics } from './add-statistics';
import { dropStatistics } from './drop-statistics';
import { setStatisticsTarget } from './set-statistics-target';

/** Kinds of change to indexes, in the order pickers list them. */
export const indexChanges = [
  addIndex,
  dropIndex,
  renameIndex,
  addStatistics,
  dropStatistics,
  setStatisticsTarget,
] as const;
