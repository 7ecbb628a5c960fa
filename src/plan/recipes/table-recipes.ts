import { setReplicaIdentityRecipe } from './set-replica-identity';
import { setRowSecurityRecipe } from './set-row-security';

/** Recipes of the changes to whole tables. */
export const tableRecipes = [setRowSecurityRecipe, setReplicaIdentityRecipe] as const;
