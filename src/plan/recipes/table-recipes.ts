import { attachPartitionRecipe } from './attach-partition';
import { detachPartitionRecipe } from './detach-partition';
import { setCommentRecipe } from './set-comment';
import { setReplicaIdentityRecipe } from './set-replica-identity';
import { setRowSecurityRecipe } from './set-row-security';

/** Recipes of the changes to whole tables. */
export const tableRecipes = [
  attachPartitionRecipe,
  detachPartitionRecipe,
  setRowSecurityRecipe,
  setReplicaIdentityRecipe,
  setCommentRecipe,
] as const;
