import { one, structure, type Mutation } from './mutation';

const object = 'subscription listen';
/** The catalog of subscriptions is one for all databases of a server. */
export const ofThisDatabase = `subname = 'listen' AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const set = (change: string, property: string, since?: number): Mutation =>
  one(`UPDATE pg_subscription SET ${change} WHERE ${ofThisDatabase}`, object, property, since);

/** A subscription belongs to its database, though its catalog is shared: a copy of the database has none. */
export const subscriptionSchema = `
  SET client_min_messages = error;
  CREATE SUBSCRIPTION listen CONNECTION 'dbname=nowhere password=secret' PUBLICATION feed
    WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false, copy_data = false);
  RESET client_min_messages;
`;

export const subscriptionMutations: Mutation[] = [
  one('DROP SUBSCRIPTION listen', object, 'exists'),
  one(
    'ALTER ROLE mutation_other SUPERUSER; ALTER SUBSCRIPTION listen OWNER TO mutation_other',
    object,
    'owner',
  ),
  one('ALTER SUBSCRIPTION listen SET PUBLICATION feed, more WITH (refresh = false)', object, 'publications'),
  one(`ALTER SUBSCRIPTION listen SET (slot_name = 'a_slot')`, object, 'slot'),
  one(`ALTER SUBSCRIPTION listen SET (synchronous_commit = 'on')`, object, 'synchronous commit', 14),
  one('ALTER SUBSCRIPTION listen SET (binary = true)', object, 'binary', 14),
  one('ALTER SUBSCRIPTION listen SET (streaming = true)', object, 'streaming', 14),
  set(`subtwophasestate = 'p'`, 'two phase', 15),
  set('subdisableonerr = true', 'disabled on error', 15),
  set('subpasswordrequired = false', 'password', 16),
  set('subrunasowner = true', 'runs as its owner', 16),
  set(`suborigin = 'none'`, 'origin', 16),
  set('subfailover = true', 'failover', 17),
  {
    sql: `UPDATE pg_subscription SET subenabled = true, subslotname = 'a_slot' WHERE ${ofThisDatabase}`,
    expect: structure(object, 'enabled', 'slot'),
  },
  one(`COMMENT ON SUBSCRIPTION listen IS 'x'`, object, 'comment', 14),
  { sql: `ALTER SUBSCRIPTION listen CONNECTION 'dbname=elsewhere password=other'`, expect: [] },
];
