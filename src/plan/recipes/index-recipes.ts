/** Recipes of the changes to indexes. */
export const indexRecipes = [] as const;
