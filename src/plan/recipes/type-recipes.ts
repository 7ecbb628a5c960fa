import { addAttributeRecipe } from './add-attribute';
import { addDomainCheckRecipe } from './add-domain-check';
import { addEnumValueRecipe } from './add-enum-value';
import { dropAttributeRecipe } from './drop-attribute';
import { dropDomainCheckRecipe } from './drop-domain-check';
import { enumToTableRecipe } from './enum-to-table';
import { removeEnumValueRecipe } from './remove-enum-value';
import { renameAttributeRecipe } from './rename-attribute';
import { renameEnumValueRecipe } from './rename-enum-value';

/** Recipes of the changes to enums, domains and composite types. */
export const typeRecipes = [
  addEnumValueRecipe,
  renameEnumValueRecipe,
  removeEnumValueRecipe,
  enumToTableRecipe,
  addDomainCheckRecipe,
  dropDomainCheckRecipe,
  addAttributeRecipe,
  renameAttributeRecipe,
  dropAttributeRecipe,
] as const;
