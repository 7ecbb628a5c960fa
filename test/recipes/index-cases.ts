import { addIndexCases } from './index-add-index-cases';
import { dropIndexCases } from './index-drop-index-cases';
import { renameIndexCases } from './index-rename-cases';
import { statisticsCases } from './index-statistics-cases';
import type { NamedCase } from './recipe-case';

/** Cases of the recipes for indexes. */
export const indexCases: NamedCase[] = [
  ...addIndexCases,
  ...dropIndexCases,
  ...renameIndexCases,
  ...statisticsCases,
];
