import type { QualifiedName } from '../sql/identifier';
import type { Change, SingleChange } from './change';

/** Several changes that one plan makes together, in this order. */
export interface SeveralChanges {
  kind: 'several';
  /** The table of the first one. */
  table: QualifiedName;
  changes: SingleChange[];
}

/** One change, or all of them as one. Throws where there is none. */
export function together(changes: readonly SingleChange[]): Change {
  const [first, ...others] = changes;
  if (!first) throw new Error('no change to be made');
  return others.length === 0 ? first : { kind: 'several', table: first.table, changes: [...changes] };
}

/** The changes that it is made of: itself, where it is one. */
export function partsOf(change: Change): readonly SingleChange[] {
  return change.kind === 'several' ? change.changes : [change];
}
