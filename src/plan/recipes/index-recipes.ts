import { addIndexRecipe } from './add-index';

/** Recipes of the changes to indexes. */
export const indexRecipes = [addIndexRecipe] as const;
