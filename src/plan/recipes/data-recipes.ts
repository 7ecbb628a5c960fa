import { backfillColumnRecipe } from './backfill-column';

/** Recipes of the changes to rows. */
export const dataRecipes = [backfillColumnRecipe] as const;
