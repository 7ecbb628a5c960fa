import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import { columnOf, readTableFacts } from '../../src/catalog/read-table-facts';
import { countDependents, dependentsOfColumn, type TableFacts } from '../../src/catalog/table-facts';
import { isSwitchbackError } from '../../src/messages/error';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const schema = `
  CREATE SCHEMA app;
  CREATE DOMAIN app.email AS text CHECK (VALUE LIKE '%@%');
  CREATE TYPE app.mood AS ENUM ('good', 'bad');
  CREATE FUNCTION app.next_code() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT md5(random()::text) $$;
  CREATE TABLE app.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL DEFAULT 'nobody',
    mail app.email,
    mood app.mood NOT NULL DEFAULT 'good',
    code text DEFAULT app.next_code(),
    created_at timestamptz NOT NULL DEFAULT now(),
    length integer GENERATED ALWAYS AS (length(name)) STORED,
    amount numeric(12,2),
    tag varchar(20) NOT NULL,
    CONSTRAINT short_name CHECK (char_length(name) < 200),
    CONSTRAINT one_tag UNIQUE (tag)
  ) WITH (fillfactor = 70);
  ALTER TABLE app.customers ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;
  COMMENT ON TABLE app.customers IS 'people who buy';
  COMMENT ON COLUMN app.customers.name IS 'as they write it';
  CREATE INDEX lower_name ON app.customers (lower(name)) WHERE amount IS NOT NULL;
  CREATE UNIQUE INDEX mails ON app.customers (mail) INCLUDE (tag);
  CREATE STATISTICS app.together ON name, tag FROM app.customers;
  ALTER TABLE app.customers ALTER COLUMN name SET STATISTICS 500;
  CREATE TABLE app.orders (id int PRIMARY KEY, customer bigint NOT NULL REFERENCES app.customers ON DELETE CASCADE);
  CREATE VIEW app.names AS SELECT id, name FROM app.customers;
  CREATE VIEW app.upper_names AS SELECT upper(name) AS name FROM app.names;
  CREATE MATERIALIZED VIEW app.totals AS SELECT sum(amount) AS total FROM app.customers;
  CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', NEW.name; RETURN NEW; END $$;
  CREATE TRIGGER log_name BEFORE UPDATE OF name ON app.customers FOR EACH ROW WHEN (OLD.amount > 1) EXECUTE FUNCTION app.log();
  CREATE TRIGGER log_any AFTER UPDATE ON app.customers FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION app.log();
  CREATE FUNCTION app.rename(who bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE app.customers SET "name" = 'x' WHERE id = who; END $$;
  CREATE FUNCTION app.other() RETURNS text LANGUAGE sql AS $$ SELECT 'name' $$;
  ALTER TABLE app.customers ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON app.customers FOR SELECT TO public USING (name = current_user);
  CREATE RULE keep AS ON DELETE TO app.customers WHERE OLD.tag = 'keep' DO INSTEAD NOTHING;
  CREATE PUBLICATION several FOR TABLE app.customers;
  GRANT SELECT ON app.customers TO pg_monitor;
  GRANT UPDATE (name) ON app.customers TO pg_monitor WITH GRANT OPTION;
  CREATE TABLE app.events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE app.events_2020 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
  INSERT INTO app.events SELECT i, date '2020-01-01' + i FROM generate_series(1, 300) AS i;
  CREATE TABLE app."Odd ""Näme" ("Ä b" int);
  INSERT INTO app.customers (name, mail, tag, amount) SELECT 'n' || i, i || '@x', 't' || i, i FROM generate_series(1, 1000) AS i;
`;

for (const major of testMajors) {
  describe(`the facts of a table (${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    let facts: TableFacts;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      await session.script(schema);
      facts = await readTableFacts(session, { schema: 'app', name: 'customers' });
    });
    after(async () => {
      await session.close();
      await database.drop();
    });

    it('describes the table', () => {
      assert.equal(facts.kind, 'table');
      assert.equal(facts.persistence, 'permanent');
      assert.equal(facts.owner, 'postgres');
      assert.equal(facts.comment, 'people who buy');
      assert.equal(facts.mayAlter, true);
      assert.deepEqual(facts.storageParameters, ['fillfactor=70']);
      assert.equal(facts.replicaIdentity, 'default');
      assert.deepEqual(facts.primaryKey, ['id']);
      assert.deepEqual(facts.uniqueKeys, [['id'], ['tag']]);
    });

    it('describes columns with types, defaults and their volatility', () => {
      assert.deepEqual(
        facts.columns.map(({ name, type, defaultVolatility }) => [name, type, defaultVolatility]),
        [
          ['id', 'bigint', null],
          ['name', 'text', 'immutable'],
          ['mail', 'app.email', null],
          ['mood', 'app.mood', 'immutable'],
          ['code', 'text', 'volatile'],
          ['created_at', 'timestamp with time zone', 'stable'],
          ['length', 'integer', null],
          ['amount', 'numeric(12,2)', null],
          ['tag', 'character varying(20)', null],
        ],
      );
      const name = columnOf(facts, 'name');
      assert.deepEqual(
        [name.collation, name.notNull, name.default, name.comment, name.statisticsTarget],
        ['"C"', true, "'nobody'::text", 'as they write it', 500],
      );
      assert.equal(columnOf(facts, 'id').identity, 'always');
      assert.deepEqual(columnOf(facts, 'mail').typeName, { schema: 'app', name: 'email' });
      assert.equal(columnOf(facts, 'mail').typeKind, 'domain');
      assert.deepEqual(columnOf(facts, 'length').generated, { kind: 'stored', expression: 'length(name)' });
      assert.equal(columnOf(facts, 'length').default, null);
      assert.equal(columnOf(facts, 'mood').statisticsTarget, null);
    });

    it('estimates rows, and measures bytes as the server does', async () => {
      assert.deepEqual(
        (await readTableFacts(session, { schema: 'app', name: 'customers' })).rows.count,
        1000,
      );
      await session.query('ANALYZE app.customers');
      const analysed = await readTableFacts(session, { schema: 'app', name: 'customers' });
      assert.deepEqual(analysed.rows, { count: 1000, source: 'reltuples' });
      assert.equal(columnOf(analysed, 'mail').nullFraction, 0);
      const { rows } = await session.query<{ total: string; indexes: string }>(
        "SELECT pg_total_relation_size('app.customers') AS total, pg_indexes_size('app.customers') AS indexes",
      );
      assert.equal(analysed.bytes.total, Number(rows[0]!.total));
      assert.equal(analysed.bytes.indexes, Number(rows[0]!.indexes));
      assert.equal(analysed.bytes.heap + analysed.bytes.toast + analysed.bytes.indexes, analysed.bytes.total);
      assert.equal(
        analysed.indexes.reduce((sum, index) => sum + index.bytes, 0),
        analysed.bytes.indexes,
      );
    });

    it('knows an empty table', async () => {
      assert.deepEqual((await readTableFacts(session, { schema: 'app', name: 'orders' })).rows.count, 0);
    });

    it('lists indexes, constraints and foreign keys both ways', async () => {
      assert.deepEqual(
        facts.indexes.map((index) => [
          index.name.name,
          index.unique,
          index.columns,
          index.expressionColumns,
          index.partial,
          index.constraint,
        ]),
        [
          ['customers_pkey', true, ['id'], [], false, 'customers_pkey'],
          ['lower_name', false, [], ['name', 'amount'], true, null],
          ['mails', true, ['mail', 'tag'], [], false, null],
          ['one_tag', true, ['tag'], [], false, 'one_tag'],
        ],
      );
      const checks = facts.constraints.filter(({ kind }) => kind === 'check');
      assert.deepEqual(
        checks.map(({ name, columns, validated }) => [name, columns, validated]),
        [
          ['positive', ['amount'], false],
          ['short_name', ['name'], true],
        ],
      );
      assert.deepEqual(facts.foreignKeysOut, []);
      assert.equal(facts.foreignKeysIn.length, 1);
      assert.deepEqual(facts.foreignKeysIn[0]!.from, { schema: 'app', name: 'orders' });
      assert.deepEqual(facts.foreignKeysIn[0]!.fromColumns, ['customer']);
      assert.match(facts.foreignKeysIn[0]!.definition, /REFERENCES app\.customers\(id\) ON DELETE CASCADE/);
      const orders = await readTableFacts(session, { schema: 'app', name: 'orders' });
      assert.deepEqual(orders.foreignKeysOut, facts.foreignKeysIn);
    });

    it('finds what depends on a column', () => {
      const found = dependentsOfColumn(facts.dependents, 'name');
      assert.deepEqual(
        found.views.map(({ name, depth, kind }) => [name.name, depth, kind]),
        [
          ['names', 1, 'view'],
          ['upper_names', 2, 'view'],
        ],
      );
      assert.deepEqual(
        found.routines.map(({ signature, certain }) => [signature, certain]),
        [
          ['app.log()', false],
          ['app.rename(who bigint)', false],
        ],
      );
      assert.deepEqual(found.policies, [
        { name: 'own', table: { schema: 'app', name: 'customers' }, columns: ['name'] },
      ]);
      assert.deepEqual(found.generatedColumns, [{ column: 'length', columns: ['name'] }]);
      assert.deepEqual(
        found.triggers.map(({ name }) => name),
        ['log_any', 'log_name'],
      );
      assert.deepEqual(
        found.statistics.map(({ name, columns }) => [name.name, columns]),
        [['together', ['name', 'tag']]],
      );
      assert.deepEqual(
        found.expressionIndexes.map(({ name }) => name.name),
        ['lower_name'],
      );
      assert.deepEqual(
        found.checks.map(({ name }) => name),
        ['short_name'],
      );
      assert.deepEqual(
        dependentsOfColumn(facts.dependents, 'tag').rules.map(({ name }) => name),
        ['keep'],
      );
      assert.deepEqual(
        dependentsOfColumn(facts.dependents, 'amount').views.map(({ kind }) => kind),
        ['materialized-view'],
      );
      assert.deepEqual(
        dependentsOfColumn(facts.dependents, 'id').sequences.map(({ name }) => name.name),
        ['customers_id_seq'],
      );
      assert.equal(
        countDependents(dependentsOfColumn(facts.dependents, 'created_at')),
        1,
        'only the trigger on whole rows',
      );
    });

    it('lists triggers, policies, publications and privileges', () => {
      assert.deepEqual(
        facts.triggers.map((trigger) => [trigger.name, trigger.enabled, trigger.columns.length]),
        [
          ['log_any', 'origin', 9],
          ['log_name', 'origin', 2],
        ],
      );
      assert.equal(facts.rowSecurity.enabled, true);
      assert.equal(facts.rowSecurity.policies[0]!.command, 'select');
      assert.deepEqual(facts.publications, [
        { name: 'several', by: 'table', columns: null, rowFilter: null },
      ]);
      assert.deepEqual(facts.privileges, [
        { grantee: 'pg_monitor', privilege: 'SELECT', column: null, grantable: false },
        { grantee: 'pg_monitor', privilege: 'UPDATE', column: 'name', grantable: true },
      ]);
    });

    it('sums up a partitioned table', async () => {
      const events = await readTableFacts(session, { schema: 'app', name: 'events' });
      assert.equal(events.kind, 'partitioned-table');
      assert.equal(events.rows.count, 300);
      assert.deepEqual(events.partitioning, {
        strategy: 'range',
        key: 'RANGE (at)',
        count: 2,
        leaves: [
          { schema: 'app', name: 'events_2020' },
          { schema: 'app', name: 'events_rest' },
        ],
        defaultPartition: { schema: 'app', name: 'events_rest' },
      });
      assert.ok(events.bytes.heap > 0);
      const leaf = await readTableFacts(session, { schema: 'app', name: 'events_2020' });
      assert.deepEqual(leaf.partitionOf, { schema: 'app', name: 'events' });
    });

    it('leaves the search_path as it was', async () => {
      const { rows } = await session.query<{ search_path: string }>('SHOW search_path');
      assert.equal(rows[0]!.search_path, '"$user", public');
    });

    it('takes names as they are', async () => {
      const odd = await readTableFacts(session, { schema: 'app', name: 'Odd "Näme' });
      assert.equal(odd.columns[0]!.name, 'Ä b');
    });

    it('says what may have been meant', async () => {
      await assert.rejects(
        readTableFacts(session, { schema: 'public', name: 'custmers' }),
        (error: unknown) => {
          assert.ok(isSwitchbackError(error, 'not-found'));
          assert.match(error.sentence, /There is no table public\.custmers .*Did you mean app\.customers\?/);
          return true;
        },
      );
      assert.throws(
        () => columnOf(facts, 'nmae'),
        (error: unknown) =>
          isSwitchbackError(error, 'not-found') &&
          error.sentence.includes('There is no column nmae in app.customers'),
      );
      assert.throws(
        () => columnOf(facts, 'naem'),
        (error: unknown) => isSwitchbackError(error, 'not-found'),
      );
    });

    it('says which catalog may not be read', async () => {
      await session.transaction(
        async () => {
          await session.script(
            'CREATE ROLE reader; REVOKE SELECT ON pg_catalog.pg_policy FROM public; SET LOCAL ROLE reader',
          );
          await assert.rejects(
            readTableFacts(session, { schema: 'app', name: 'customers' }),
            (error: unknown) => {
              assert.ok(isSwitchbackError(error, 'no-privilege'));
              assert.match(error.sentence, /pg_policy/);
              return true;
            },
          );
        },
        { rollback: true },
      );
    });

    if (major >= 14) {
      it('knows SQL bodies, column lists and schema publications', async () => {
        await session.script(`
          CREATE FUNCTION app.sure() RETURNS bigint BEGIN ATOMIC SELECT count(tag) FROM app.customers; END;
          CREATE PUBLICATION narrow FOR TABLE app.customers (id, name) WHERE (id > 5);
          CREATE PUBLICATION broad FOR TABLES IN SCHEMA app;`);
        const now = await readTableFacts(session, { schema: 'app', name: 'customers' });
        assert.deepEqual(
          dependentsOfColumn(now.dependents, 'tag').routines.map(({ signature, certain }) => [
            signature,
            certain,
          ]),
          [['app.sure()', true]],
        );
        assert.deepEqual(now.publications, [
          { name: 'broad', by: 'schema', columns: null, rowFilter: null },
          { name: 'narrow', by: 'table', columns: ['id', 'name'], rowFilter: '(id > 5)' },
          { name: 'several', by: 'table', columns: null, rowFilter: null },
        ]);
      });
    }
  });
}
