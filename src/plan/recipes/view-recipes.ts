import { rebuildViewRecipe } from './rebuild-view';
import { replaceMaterializedViewRecipe } from './replace-materialized-view';
import { replaceViewRecipe } from './replace-view';

/** Recipes of the changes to views. */
export const viewRecipes = [replaceViewRecipe, rebuildViewRecipe, replaceMaterializedViewRecipe] as const;
