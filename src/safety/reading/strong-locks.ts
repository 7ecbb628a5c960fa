import type { Forecast, LockMode } from '../forecast';
import { lockModes } from '../forecast';
import type { KnownSchema } from '../known-schema';
import type { RuleScript } from '../rule';

/** Locks that stop writes, and before which everybody queues. */
export function queuesOthers(forecast: Pick<Forecast, 'blocks'>): boolean {
  return forecast.blocks.includes('writes');
}

/** Whether a lock mode stops writes. */
export function stopsWrites(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf('ShareLock');
}

/** Forecasts of the earlier statements of the transaction that this statement shares with others. */
export function earlierInTransaction(
  script: Pick<RuleScript, 'earlier' | 'blocks'>,
  index: number,
): readonly Forecast[] {
  const block = script.blocks[index] ?? null;
  return block === null ? [] : script.earlier.filter((each) => script.blocks[each.index] === block);
}

/** The table a partition belongs to in the end; the relation itself where it is none. */
export function rootTable(schema: KnownSchema, key: string): string {
  let root = key;
  for (let depth = 0; depth < 50; depth++) {
    const parent = schema.relations.get(root)?.parent;
    if (!parent) return root;
    root = parent;
  }
  return root;
}
