import { splitReplacement, type SplitColumn } from '../../assess/changes/split-column';
import { replacementBlockers } from '../pieces/replacement-blockers';
import { replacementPlan } from '../pieces/replacement-plan';
import type { Recipe } from '../recipe';

/** Splits a column: its parts beside it, a trigger that keeps both sides true, the release, and the old one goes. */
export const splitColumnRecipe: Recipe<SplitColumn> = {
  id: 'split-column',
  blockers: (change, assessment) => replacementBlockers(splitReplacement(change), assessment),
  phases: (context) => replacementPlan(context, splitReplacement(context.change)),
};
