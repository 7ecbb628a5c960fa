import type { NamedCase } from './recipe-case';

/** Cases of the recipes for whole tables. */
export const tableCases: NamedCase[] = [];
