import { addCheckRecipe } from './add-check';
import { addForeignKeyRecipe } from './add-foreign-key';
import { addPrimaryKeyRecipe } from './add-primary-key';
import { addUniqueRecipe } from './add-unique';
import { dropConstraintRecipe } from './drop-constraint';
import { renameConstraintRecipe } from './rename-constraint';
import { setDeferrableRecipe } from './set-deferrable';
import { addExclusionRecipe } from './add-exclusion';

/** Recipes of the changes to constraints. */
export const constraintRecipes = [
  addCheckRecipe,
  addForeignKeyRecipe,
  addUniqueRecipe,
  addPrimaryKeyRecipe,
  dropConstraintRecipe,
  renameConstraintRecipe,
  setDeferrableRecipe,
  addExclusionRecipe,
] as const;
