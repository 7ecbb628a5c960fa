import type { SingleChange } from '../../assess/change';
import type { Recipe, RecipeContext, RecipePlan } from '../recipe';
import { columnRecipes } from './column-recipes';
import { constraintRecipes } from './constraint-recipes';
import { dataRecipes } from './data-recipes';
import { indexRecipes } from './index-recipes';
import { routineRecipes } from './routine-recipes';
import { sqlRecipes } from './sql-recipes';
import { tableRecipes } from './table-recipes';
import { typeRecipes } from './type-recipes';
import { viewRecipes } from './view-recipes';

/** Every recipe. Adding one means adding a file and its line in the list of its group. */
export const recipes = [
  ...columnRecipes,
  ...constraintRecipes,
  ...indexRecipes,
  ...tableRecipes,
  ...typeRecipes,
  ...viewRecipes,
  ...routineRecipes,
  ...dataRecipes,
  ...sqlRecipes,
] as const;

/** The recipe of a change. */
export function recipeFor<C extends SingleChange>(change: C): Recipe<C> {
  return recipes.find((recipe) => recipe.id === change.kind) as unknown as Recipe<C>;
}

/** The phases of a change by its recipe. */
export function phasesOf(context: RecipeContext<SingleChange>): RecipePlan {
  return recipeFor(context.change).phases(context);
}
