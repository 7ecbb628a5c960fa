import { backfillColumnCases } from './data-backfill-cases';
import { removeDuplicatesCases } from './data-duplicates-cases';
import { moveRowsCases } from './data-move-rows-cases';
import { purgeRowsCases } from './data-purge-cases';
import type { NamedCase } from './recipe-case';

/** Cases of the recipes for rows. */
export const dataCases: NamedCase[] = [
  ...backfillColumnCases,
  ...purgeRowsCases,
  ...moveRowsCases,
  ...removeDuplicatesCases,
];
