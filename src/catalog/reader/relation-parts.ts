import type { RelationPart } from './catalog-query';
import { relationSelfParts } from './relations';
import { tableParts } from './table-parts';

/** All that is told of one relation each: where it is not asked for, its rows are not made. */
export const relationParts: readonly RelationPart[] = [...relationSelfParts, ...tableParts];
