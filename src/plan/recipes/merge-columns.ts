import { mergeReplacement, type MergeColumns } from '../../assess/changes/merge-columns';
import { replacementBlockers } from '../pieces/replacement-blockers';
import { replacementPlan } from '../pieces/replacement-plan';
import type { Recipe } from '../recipe';

/** Merges columns: the one beside them, a trigger that keeps both sides true, the release, and the old ones go. */
export const mergeColumnsRecipe: Recipe<MergeColumns> = {
  id: 'merge-columns',
  blockers: (change, assessment) => replacementBlockers(mergeReplacement(change), assessment),
  phases: (context) => replacementPlan(context, mergeReplacement(context.change)),
};
