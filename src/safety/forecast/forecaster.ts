import type { Fields, NodeKind } from '../../sql/tree';
import type { Effects } from './effects';

/** What statements of one kind do. One file each, listed in forecasters.ts. */
export interface Forecaster {
  /** The parse tree's top key. */
  kind: string;
  /** Adds the effects of a statement with these fields. */
  add(fields: never, effects: Effects): void;
}

/** A forecaster with the fields of its own kind of statement. */
export function forecaster<Kind extends NodeKind>(
  kind: Kind,
  add: (fields: Fields<Kind>, effects: Effects) => void,
): Forecaster {
  return { kind: kind, add };
}
