import { addIndexRecipe } from './add-index';
import { dropIndexRecipe } from './drop-index';

/** Recipes of the changes to indexes. */
export const indexRecipes = [addIndexRecipe, dropIndexRecipe] as const;
