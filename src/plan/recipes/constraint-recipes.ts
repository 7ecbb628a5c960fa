/** Recipes of the changes to constraints. */
export const constraintRecipes = [] as const;
