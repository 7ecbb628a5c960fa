import { addAttributeRecipe } from './add-attribute';
import { addDomainCheckRecipe } from './add-domain-check';
import { addEnumValueRecipe } from './add-enum-value';
import { dropDomainCheckRecipe } from './drop-domain-check';

/** Recipes of the changes to enums, domains and composite types. */
export const typeRecipes = [
  addEnumValueRecipe,
  addDomainCheckRecipe,
  dropDomainCheckRecipe,
  addAttributeRecipe,
] as const;
