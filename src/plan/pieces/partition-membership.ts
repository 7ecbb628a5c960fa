import type { QualifiedName } from '../../sql/identifier';
import { regclass } from './sql-text';

/** SQL that is true where the one is a partition of the other, and not one whose detaching is under way. */
export function isPartitionOf(partition: QualifiedName, parent: QualifiedName): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class ON oid = inhrelid ` +
    `WHERE inhrelid = ${regclass(partition)} AND inhparent = ${regclass(parent)} AND relispartition)`
  );
}
