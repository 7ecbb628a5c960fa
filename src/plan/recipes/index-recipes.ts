import { addIndexRecipe } from './add-index';
import { dropIndexRecipe } from './drop-index';
import { renameIndexRecipe } from './rename-index';

/** Recipes of the changes to indexes. */
export const indexRecipes = [addIndexRecipe, dropIndexRecipe, renameIndexRecipe] as const;
