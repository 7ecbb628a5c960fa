import type { Change } from '../../assess/change';
import type { Recipe, RecipeContext, RecipePlan } from '../recipe';
import { addRequiredColumnRecipe } from './add-required-column';
import { renameColumnRecipe } from './rename-column';

/** Every recipe. Adding one means adding a file and its line here. */
export const recipes = [renameColumnRecipe, addRequiredColumnRecipe] as const;

/** The recipe of a change. */
export function recipeFor<C extends Change>(change: C): Recipe<C> {
  return recipes.find((recipe) => recipe.id === change.kind) as unknown as Recipe<C>;
}

/** The phases of a change by its recipe. */
export function phasesOf(context: RecipeContext<Change>): RecipePlan {
  return recipeFor(context.change).phases(context);
}
