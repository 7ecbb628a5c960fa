import { addRequiredColumnRecipe } from './add-required-column';
import { renameColumnRecipe } from './rename-column';
import { setDefaultRecipe } from './set-default';

/** Recipes of the changes to columns. */
export const columnRecipes = [renameColumnRecipe, addRequiredColumnRecipe, setDefaultRecipe] as const;
