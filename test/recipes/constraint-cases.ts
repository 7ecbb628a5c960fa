import type { NamedCase } from './recipe-case';

/** Cases of the recipes for constraints. */
export const constraintCases: NamedCase[] = [];
