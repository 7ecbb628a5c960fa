import { emptyKnownSchema } from '../safety/known-schema';
import { loadParser } from '../sql/parser';
import { comingChecks } from './measure/coming-checks';
import { bareName, namesIn } from './names-in';
import type { RoundTrip } from './round-trip';
import type { KnownValues } from './seed/known-values';
import { withReferencedTables } from './seed/referenced-tables';
import { seedTables } from './seed/seed-tables';
import type { Inside, Snapshot } from './shadow-run';

/** Rows that each empty table gets: enough to show what is lost. */
const generatedRows = 20;

/** Most tables that are filled for one migration; the others stay empty. */
const mostTables = 40;

/** Tables of the state before whose name stands anywhere in the migration: EXECUTE and the bodies of DO are read so, too. */
export function namedTables(
  trip: Pick<RoundTrip, 'up' | 'down'>,
  before: Snapshot,
  own: readonly string[],
): string[] {
  const words = namesIn(`${trip.up.sql}\n${trip.down?.sql ?? ''}`);
  return before.followed.relations
    .filter(({ kind, object }) => /^[rp]$/.test(kind) && !own.includes(object))
    .map(({ object }) => object.slice('table '.length))
    .filter((name) => words.has(bareName(name)));
}

/** By table, the conditions that a script will put on its rows. */
export async function checksOf(sql: string): Promise<ReadonlyMap<string, readonly string[]>> {
  return comingChecks((await loadParser()).parse(sql).statements, emptyKnownSchema());
}

/** Which tables are to be filled, and with what in mind. */
export interface Filling {
  /** With their schemas, quoted where needed. */
  named: readonly string[];
  before: Snapshot;
  known: KnownValues;
  checks: ReadonlyMap<string, readonly string[]>;
}

/** Fills the empty tables among those that are named, and those they reference, in the transaction that is open. */
export async function fillTables(
  inside: Inside,
  filling: Filling,
): Promise<{ tables: string[]; notes: string[] }> {
  const empty = await emptyTables(inside, filling);
  if (empty.length === 0) return { tables: [], notes: [] };
  const notes = await seedTables(inside.session, {
    tables: empty.map(({ oid }) => oid),
    rows: generatedRows,
    checks: filling.checks,
    known: filling.known,
    analyze: false,
    signal: inside.signal,
  });
  return { tables: empty.map(({ name }) => name), notes };
}

interface EmptyTable {
  name: string;
  oid: string;
}

/** By what they are called: the up of the state before was run a second time, and has made others. */
async function emptyTables({ session }: Inside, { named, before }: Filling): Promise<EmptyTable[]> {
  const empty = [...before.data].filter(([, { rows }]) => rows === 0).map(([name]) => name);
  const { rows: tables } = await session.query<EmptyTable>(
    `select name, to_regclass(name)::oid::text as oid from unnest($1::text[]) as name where to_regclass(name) is not null`,
    [[...new Set([...named, ...empty])]],
  );
  const isNamed = new Set(named);
  const isEmpty = new Set(empty);
  const start = tables.filter(({ name }) => isNamed.has(name)).map(({ oid }) => oid);
  const reached = new Set(await withReferencedTables(session, start));
  return tables.filter(({ name, oid }) => isEmpty.has(name) && reached.has(oid)).slice(0, mostTables);
}
