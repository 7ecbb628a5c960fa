/** Recipes of the changes to whole tables. */
export const tableRecipes = [] as const;
