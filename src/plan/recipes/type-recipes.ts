import { addDomainCheckRecipe } from './add-domain-check';
import { addEnumValueRecipe } from './add-enum-value';
import { dropDomainCheckRecipe } from './drop-domain-check';

/** Recipes of the changes to enums and domains. */
export const typeRecipes = [addEnumValueRecipe, addDomainCheckRecipe, dropDomainCheckRecipe] as const;
