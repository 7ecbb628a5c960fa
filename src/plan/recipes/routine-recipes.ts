import { replaceFunctionRecipe } from './replace-function';

/** Recipes of the changes to functions and procedures. */
export const routineRecipes = [replaceFunctionRecipe] as const;
