import type { PublicationFacts } from '../../catalog/table-facts';
import { mentionsIdentifier } from './sql-text';

/** Whether a publication chooses the rows that it sends by a column. */
export function filtersBy({ rowFilter }: Pick<PublicationFacts, 'rowFilter'>, column: string): boolean {
  return rowFilter !== null && mentionsIdentifier(rowFilter, column);
}
