import type { LockMode, RelationLock, Work } from '../../safety/forecast';
import { isIndex, strongestModes, type HeldLock, type RelationState, type RelationStates } from './relations';

/** What a statement did, as the server told it. */
export interface Observed {
  /** On tables, views and sequences, and on indexes whose table is not locked. */
  locks: RelationLock[];
  /** On indexes whose table is locked too. */
  indexLocks: RelationLock[];
  /** The heaviest work on each relation. */
  works: { kind: Work; relation: string }[];
  /** Relations that were read row by row, those written anew among them. */
  scans: string[];
  /** An index that existed before has a new file. */
  rebuiltIndexes: string[];
  /** Whether system catalogs were written. */
  catalog: boolean;
  milliseconds: number;
}

export interface Readings {
  /** Oids of the relations that count: those that were there before the script. */
  there: ReadonlySet<string>;
  before: RelationStates;
  after: RelationStates;
  locks: readonly HeldLock[];
  catalog: boolean;
  milliseconds: number;
}

/** Makes locks and work of two readings of the server. Names are those before the statement. */
export function observe(readings: Readings): Observed {
  const { there, before, after } = readings;
  const counted = [...before.values()].filter((state) => there.has(state.oid));
  const modes = strongestModes(readings.locks);
  const locked = counted.filter((state) => modes.has(state.oid));
  const besideTable = (state: RelationState): boolean =>
    isIndex(state) && state.table !== null && modes.has(state.table);
  return {
    locks: lockList(
      locked.filter((state) => !besideTable(state)),
      modes,
    ),
    indexLocks: lockList(locked.filter(besideTable), modes),
    works: counted.flatMap((state) => workOf(state, after)),
    scans: counted
      .filter((state) => (after.get(state.oid)?.read ?? 0) > state.read)
      .map((state) => state.relation)
      .sort(),
    rebuiltIndexes: counted
      .filter((state) => state.kind === 'i' && isReplaced(state, after.get(state.oid)))
      .map((state) => state.relation)
      .sort(),
    catalog: readings.catalog,
    milliseconds: readings.milliseconds,
  };

  function workOf(state: RelationState, now: RelationStates): Observed['works'] {
    const then = now.get(state.oid);
    if (!then || isIndex(state)) return [];
    const { relation } = state;
    // A file that was replaced by an empty one was emptied, not written anew.
    if (isReplaced(state, then) && then.bytes > 0) return [{ kind: 'rewrite', relation }];
    if (then.read <= state.read) return [];
    return [{ kind: hasNewIndex(state.oid) ? 'index-build' : 'scan', relation }];
  }

  function hasNewIndex(table: string): boolean {
    return [...after.values()].some(
      (state) =>
        state.table === table && (!before.has(state.oid) || isReplaced(before.get(state.oid)!, state)),
    );
  }
}

function isReplaced(state: RelationState, then: RelationState | undefined): boolean {
  return then !== undefined && then.node !== state.node;
}

function lockList(states: readonly RelationState[], modes: ReadonlyMap<string, LockMode>): RelationLock[] {
  return states
    .map((state) => ({ relation: state.relation, mode: modes.get(state.oid)! }))
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}
