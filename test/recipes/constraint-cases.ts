import { addCheckCases } from './constraint-add-check-cases';
import { addForeignKeyCases } from './constraint-add-foreign-key-cases';
import { addKeyCases } from './constraint-add-key-cases';
import { setDeferrableCases } from './constraint-deferrable-cases';
import { addExclusionCases } from './constraint-exclusion-cases';
import { dropConstraintCases } from './constraint-drop-cases';
import { renameConstraintCases } from './constraint-rename-cases';
import type { NamedCase } from './recipe-case';

/** Cases of the recipes for constraints. */
export const constraintCases: NamedCase[] = [
  ...addCheckCases,
  ...addForeignKeyCases,
  ...addKeyCases,
  ...dropConstraintCases,
  ...renameConstraintCases,
  ...setDeferrableCases,
  ...addExclusionCases,
];
