import type { Session } from '../../src/database/session';
import { measureInTransaction } from '../../src/rehearse/measure/measure-in-transaction';
import { isIndex, readRelations, type RelationStates } from '../../src/rehearse/measure/relations';
import { seedTables as seed } from '../../src/rehearse/seed/seed-tables';
import type { RelationLock } from '../../src/safety/forecast';

/** What a statement did, read from the server while its transaction was open. */
export interface Measured {
  locks: RelationLock[];
  rewrites: string[];
  scans: string[];
}

/** Puts rows into every table, so that scans and failures show; `checks` by relation are what they have to satisfy too. */
export async function seedTables(
  session: Session,
  rows = 200,
  checks?: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const tables = [...(await readRelations(session)).keys()];
  await seed(session, { tables, rows, analyze: true, checks, signal: new AbortController().signal });
}

/** The relations of the schema public that are there now. */
export async function relationsThere(session: Session): Promise<string[]> {
  return names(await readRelations(session));
}

/** Runs a statement in a transaction, reads what it locked, rewrote and scanned of `relations`, and commits or rolls back. */
export async function measure(
  session: Session,
  sql: string,
  relations: readonly string[],
  rollback = false,
): Promise<Measured> {
  const there = [...(await readRelations(session)).values()].filter(({ relation }) =>
    relations.includes(relation),
  );
  const oids = new Set(there.map(({ oid }) => oid));
  const observed = await measureInTransaction(session, { sql, kind: '', there: oids, rollback });
  const { locks, works, scans } = observed;
  const rewrites = works.filter(({ kind }) => kind === 'rewrite').map(({ relation }) => relation);
  return { locks, rewrites: rewrites.sort(), scans };
}

function names(states: RelationStates): string[] {
  return [...states.values()]
    .filter((state) => !isIndex(state) && state.relation.startsWith('public.'))
    .map(({ relation }) => relation);
}
