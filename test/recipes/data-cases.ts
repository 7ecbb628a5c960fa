import { backfillColumnCases } from './data-backfill-cases';
import type { NamedCase } from './recipe-case';

/** Cases of the recipes for rows. */
export const dataCases: NamedCase[] = [...backfillColumnCases];
