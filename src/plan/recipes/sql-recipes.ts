import { rawSqlRecipe } from './raw-sql';

/** Recipes of the changes that are SQL of somebody's own. */
export const sqlRecipes = [rawSqlRecipe] as const;
