import { workKinds, type Forecast, type LockMode, type Work } from '../../safety/forecast';
import type { Disagreement } from './measured-forecast';
import { dataKinds } from './measure-in-transaction';
import type { Observed } from './observed';

export interface Comparison {
  predicted: Forecast;
  observed: Observed;
  /** Whether it could run inside a transaction. */
  transactional: boolean;
  /** Relations without rows: work on them does not show. */
  empty: ReadonlySet<string>;
  /** Locks were polled from outside: what was too short to be seen proves nothing. */
  polled: boolean;
}

/**
 * Where forecast and measurement differ. Locks on indexes are compared where they were read from inside, and what a forecast says
 * in its notes that it does not know is no mistake of it.
 */
export function disagreementsOf(comparison: Comparison): Disagreement[] {
  const { predicted, transactional } = comparison;
  const found = [...lockDisagreements(comparison), ...workDisagreements(comparison)];
  if (predicted.transactional !== transactional) {
    found.push({
      what: 'transactional',
      relation: null,
      predicted: predicted.transactional ? 'yes' : 'no',
      measured: transactional ? 'yes' : 'no',
    });
  }
  return found;
}

function lockDisagreements({ predicted, observed, polled }: Comparison): Disagreement[] {
  const modes = (locks: Forecast['locks']): Map<string, LockMode> =>
    new Map(locks.map(({ relation, mode }) => [relation, mode]));
  const forecast = modes([...predicted.locks, ...(polled ? [] : predicted.indexLocks)]);
  const measured = modes([...observed.locks, ...(polled ? [] : observed.indexLocks)]);
  const isBesideTable = (relation: string): boolean =>
    observed.indexLocks.some((lock) => lock.relation === relation);
  const found: Disagreement[] = [];
  for (const relation of [...new Set([...forecast.keys(), ...measured.keys()])].sort()) {
    const [was, is] = [forecast.get(relation) ?? 'none', measured.get(relation) ?? 'none'];
    if (was === is) continue;
    // Minor releases differ in that: 18.6 looks at the index a new table's foreign key points at, 18.4 does not.
    if (was === 'none' && is === 'AccessShareLock' && isBesideTable(relation)) continue;
    if (was === 'none' && predicted.notes.length > 0) continue;
    if (is === 'none' && polled) continue;
    found.push({ what: 'lock', relation, predicted: was, measured: is });
  }
  return found;
}

function workDisagreements({ predicted, observed, empty }: Comparison): Disagreement[] {
  const found: Disagreement[] = [];
  const relations = [...predicted.works, ...observed.works].map(({ relation }) => relation);
  for (const relation of [...new Set(relations)].sort()) {
    const [was, is] = [workOn(predicted.works, relation), workOn(observed.works, relation)];
    if (was === is || empty.has(relation)) continue;
    const heavier = workKinds.indexOf(is) > workKinds.indexOf(was);
    if (heavier && (predicted.notes.length > 0 || (is === 'scan' && readsByQuery(predicted, relation))))
      continue;
    found.push({ what: 'work', relation, predicted: was, measured: is });
  }
  return found;
}

/** A relation under a lock that only reads or writes rows was scanned by a query inside the statement. */
function readsByQuery(predicted: Forecast, relation: string): boolean {
  const mode = predicted.locks.find((lock) => lock.relation === relation)?.mode;
  return dataKinds.has(predicted.kind) || mode === 'AccessShareLock' || mode === 'RowShareLock';
}

function workOn(works: readonly { kind: Work; relation: string }[], relation: string): Work {
  return works.find((work) => work.relation === relation)?.kind ?? 'none';
}
