import { lockModes, workKinds, type LockMode, type RelationLock, type Work } from '../forecast';

export function isWeakerLock(left: LockMode, right: LockMode): boolean {
  return lockModes.indexOf(left) < lockModes.indexOf(right);
}

/** Those of the strongest mode among some locks. */
export function strongestLocks(locks: readonly RelationLock[]): RelationLock[] {
  const strongest = Math.max(-1, ...locks.map((lock) => lockModes.indexOf(lock.mode)));
  return locks.filter((lock) => lockModes.indexOf(lock.mode) === strongest);
}

/** The heavier of two kinds of work. */
export function heavierWork(left: Work, right: Work): Work {
  return workKinds.indexOf(left) >= workKinds.indexOf(right) ? left : right;
}
