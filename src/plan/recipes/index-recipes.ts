import { addIndexRecipe } from './add-index';
import { dropIndexRecipe } from './drop-index';
import { renameIndexRecipe } from './rename-index';
import { addStatisticsRecipe } from './add-statistics';
import { dropStatisticsRecipe } from './drop-statistics';
import { setStatisticsTargetRecipe } from './set-statistics-target';

/** Recipes of the changes to indexes. */
export const indexRecipes = [
  addIndexRecipe,
  dropIndexRecipe,
  renameIndexRecipe,
  addStatisticsRecipe,
  dropStatisticsRecipe,
  setStatisticsTargetRecipe,
] as const;
