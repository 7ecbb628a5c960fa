import type { Catalog } from '../../src/catalog/catalog';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { Session } from '../../src/database/session';
import { baseSchema } from './base-schema';
import type { DumpServer } from './dump-server';
import type { Mutation } from './mutation';
import { ofThisDatabase, subscriptionSchema } from './subscription-mutations';

/** Changes that one of the two sees alone, each with its reason. */
export const seenByOne: readonly { sql: RegExp; reason: string }[] = [
  { sql: /WITH NO DATA/, reason: 'pg_dump -s writes every materialized view without data' },
  { sql: /SET extowner/, reason: 'pg_dump never writes the owner of an extension' },
  { sql: /SET extversion/, reason: 'pg_dump leaves the version to the server it is restored on' },
  {
    sql: /UPDATE pg_attribute SET atttypid/,
    reason: 'the type of a column of a view follows from its query, which is what pg_dump writes',
  },
  { sql: /USER MAPPING .*SET password/, reason: 'the value of an option may be a secret and is not read' },
  { sql: /SUBSCRIPTION listen CONNECTION/, reason: 'a connection may hold a password and is not read' },
];

/** What only one of the two saw and no reason is known for; and the reasons that were needed. */
export async function compareWithDump(
  server: DumpServer,
  mutations: readonly Mutation[],
): Promise<{ disagreements: string[]; reasons: Set<string> }> {
  const { compare, close } = await comparer(server);
  const disagreements: string[] = [];
  const reasons = new Set<string>();
  for (const mutation of mutations) {
    const { dumped, ours } = await compare('changed', mutation);
    if (dumped === ours) continue;
    const known = seenByOne.find(({ sql }) => sql.test(mutation.sql));
    if (known) reasons.add(known.reason);
    else disagreements.push(`${ours ? 'ours alone' : 'pg_dump alone'}: ${mutation.sql}`);
  }
  await close();
  return { disagreements, reasons };
}

interface Comparer {
  /** Makes one change in a copy of the schema and says whether the dump and the catalog are others after it. */
  compare: (worker: string, mutation: Mutation) => Promise<{ dumped: boolean; ours: boolean }>;
  close: () => Promise<void>;
}

async function comparer(server: DumpServer): Promise<Comparer> {
  const base = await server.open('base');
  await base.script(baseSchema);
  await base.close();
  const state = async (name: string, prepare: string): Promise<State> => {
    const session = await server.open(name, 'base');
    if (prepare) await session.script(prepare);
    return { session, catalog: await readCatalog(session), text: await server.dump(name) };
  };
  const plain = await state('plain', '');
  const subscribed = await state('subscribed', subscriptionSchema);
  return {
    close: async () => {
      await plain.session.close();
      await subscribed.session.close();
    },
    compare: async (worker, { sql }) => {
      const before = sql.includes('listen') ? subscribed : plain;
      const copy = await server.open(worker, 'base');
      if (before === subscribed) await copy.script(subscriptionSchema);
      await copy.script(sql);
      const text = await server.dump(worker);
      await copy.script(`DELETE FROM pg_subscription WHERE ${ofThisDatabase}`);
      await copy.close();
      await server.remove(worker);
      return { dumped: text !== before.text, ours: await differs(before, sql) };
    },
  };
}

interface State {
  session: Session;
  catalog: Catalog;
  text: string;
}

/** Each session is asked by one at a time. */
async function differs({ session, catalog }: State, sql: string): Promise<boolean> {
  const changed = await session.transaction(
    async () => {
      await session.script(sql);
      return await readCatalog(session);
    },
    { rollback: true },
  );
  return compareCatalogs(catalog, changed).length > 0;
}
