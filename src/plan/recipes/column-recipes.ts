import { addRequiredColumnRecipe } from './add-required-column';
import { changeColumnTypeRecipe } from './change-column-type';
import { renameColumnRecipe } from './rename-column';
import { setDefaultRecipe } from './set-default';
import { dropDefaultRecipe } from './drop-default';
import { addColumnRecipe } from './add-column';
import { setNotNullRecipe } from './set-not-null';
import { dropNotNullRecipe } from './drop-not-null';
import { dropColumnRecipe } from './drop-column';
import { splitColumnRecipe } from './split-column';
import { mergeColumnsRecipe } from './merge-columns';
import { hashColumnRecipe } from './hash-column';
import { moveColumnRecipe } from './move-column';
import { widenKeyRecipe } from './widen-key';

/** Recipes of the changes to columns. */
export const columnRecipes = [
  renameColumnRecipe,
  addRequiredColumnRecipe,
  setDefaultRecipe,
  dropDefaultRecipe,
  addColumnRecipe,
  changeColumnTypeRecipe,
  setNotNullRecipe,
  dropNotNullRecipe,
  dropColumnRecipe,
  splitColumnRecipe,
  mergeColumnsRecipe,
  hashColumnRecipe,
  moveColumnRecipe,
  widenKeyRecipe,
] as const;
