import { backfillColumnCases } from './data-backfill-cases';
import { removeDuplicatesCases } from './data-duplicates-cases';
import { purgeRowsCases } from './data-purge-cases';
import type { NamedCase } from './recipe-case';

/** Cases of the recipes for rows. */
export const dataCases: NamedCase[] = [...backfillColumnCases, ...purgeRowsCases, ...removeDuplicatesCases];
