import { attachPartitionRecipe } from './attach-partition';
import { createTableRecipe } from './create-table';
import { changePrimaryKeyRecipe } from './change-primary-key';
import { detachPartitionRecipe } from './detach-partition';
import { dropTableRecipe } from './drop-table';
import { mergeTablesRecipe } from './merge-tables';
import { moveTableRecipe } from './move-table';
import { moveToDatabaseRecipe } from './move-to-database';
import { partitionTableRecipe } from './partition-table';
import { renameTableRecipe } from './rename-table';
import { setCommentRecipe } from './set-comment';
import { setReplicaIdentityRecipe } from './set-replica-identity';
import { setRowSecurityRecipe } from './set-row-security';
import { splitTableRecipe } from './split-table';

/** Recipes of the changes to whole tables. */
export const tableRecipes = [
  createTableRecipe,
  renameTableRecipe,
  moveTableRecipe,
  dropTableRecipe,
  changePrimaryKeyRecipe,
  splitTableRecipe,
  mergeTablesRecipe,
  partitionTableRecipe,
  moveToDatabaseRecipe,
  attachPartitionRecipe,
  detachPartitionRecipe,
  setRowSecurityRecipe,
  setReplicaIdentityRecipe,
  setCommentRecipe,
] as const;
