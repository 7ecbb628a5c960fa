import { replaceViewRecipe } from './replace-view';

/** Recipes of the changes to views. */
export const viewRecipes = [replaceViewRecipe] as const;
