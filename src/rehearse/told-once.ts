import type { RehearseRequest } from './rehearse';

export type Told = Pick<RehearseRequest, 'onRehearsing' | 'onRehearsed'>;

/** Where migrations may be rehearsed a second time: each is told of once as it begins, and once as it is over. */
export function toldOnce(told: Told): Required<Told> & { over: ReadonlySet<string> } {
  const begun = new Set<string>();
  const over = new Set<string>();
  return {
    over,
    onRehearsing: (migration) => {
      if (begun.has(migration.version)) return;
      begun.add(migration.version);
      told.onRehearsing?.(migration);
    },
    onRehearsed: (rehearsal) => {
      if (over.has(rehearsal.version)) return;
      over.add(rehearsal.version);
      told.onRehearsed?.(rehearsal);
    },
  };
}
