import { backfillColumnRecipe } from './backfill-column';
import { purgeRowsRecipe } from './purge-rows';
import { removeDuplicatesRecipe } from './remove-duplicates';

/** Recipes of the changes to rows. */
export const dataRecipes = [backfillColumnRecipe, purgeRowsRecipe, removeDuplicatesRecipe] as const;
