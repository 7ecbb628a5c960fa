import { backfillColumnRecipe } from './backfill-column';
import { moveRowsRecipe } from './move-rows';
import { purgeRowsRecipe } from './purge-rows';
import { removeDuplicatesRecipe } from './remove-duplicates';

/** Recipes of the changes to rows. */
export const dataRecipes = [
  backfillColumnRecipe,
  purgeRowsRecipe,
  moveRowsRecipe,
  removeDuplicatesRecipe,
] as const;
