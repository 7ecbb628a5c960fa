import { addAttributeRecipe } from './add-attribute';
import { addDomainCheckRecipe } from './add-domain-check';
import { addEnumValueRecipe } from './add-enum-value';
import { dropAttributeRecipe } from './drop-attribute';
import { dropDomainCheckRecipe } from './drop-domain-check';
import { renameAttributeRecipe } from './rename-attribute';
import { renameEnumValueRecipe } from './rename-enum-value';

/** Recipes of the changes to enums, domains and composite types. */
export const typeRecipes = [
  addEnumValueRecipe,
  renameEnumValueRecipe,
  addDomainCheckRecipe,
  dropDomainCheckRecipe,
  addAttributeRecipe,
  renameAttributeRecipe,
  dropAttributeRecipe,
] as const;
