import assert from 'node:assert/strict';
import type { KnownSchema } from '../../src/safety/known-schema';
import { readKnownSchema } from '../../src/safety/read-known-schema';
import { loadParser } from '../../src/sql/parser';
import { testMajors, testServer, testSession } from '../support/servers';
import { forecastOne, schemaAfter } from './lock-truth';

const script = `
  create table item (id int primary key, a int unique, b text, c text, unique (b, a) include (c));
  create index on item (a);
  create index on item (a);
  create index on item (lower(b), upper(c), lower(c));
  create index on item ((a + 1), (b || c), coalesce(b, c)) include (c);
  create unique index item_once on item (c);
  alter table item add constraint item_c unique using index item_once;
  alter table item rename constraint item_a_key to item_a_only;
  create index named on item (b);
  alter index named rename to renamed;
  create table copied (like item including all);
  create table day (at int not null, n int, note text) partition by range (at);
  create table day_1 partition of day for values from (0) to (10);
  create index on day (n);
  alter table day add primary key (at, n);
  create table day_2 partition of day for values from (10) to (20) partition by range (at);
  create table day_2_low partition of day_2 for values from (10) to (15);
  create table day_3 (at int not null, n int not null, note text);
  create index day_3_own on day_3 (n);
  alter table day attach partition day_3 for values from (20) to (30);
  create index day_note on day (note);
  create index day_gone on day (note, n);
  drop index day_gone;
  alter table day add constraint day_unique unique (at, note);
  alter table day drop constraint day_unique;
`;

describe('safety/known-indexes', function () {
  this.timeout(60_000);

  for (const major of testMajors) {
    it(`names the indexes a text makes as PostgreSQL ${major} does`, async () => {
      const parser = await loadParser();
      const database = await (await testServer({ major })).createDatabase();
      const session = await testSession(database);
      try {
        await session.script(script);
        const read = await readKnownSchema(session, parser, { relations: null });
        assert.deepEqual(indexesOf(schemaAfter(parser, script)), indexesOf(read));
      } finally {
        await session.close();
        await database.drop();
      }
    });
  }

  it('leaves out indexes that the script itself has made', async () => {
    const parser = await loadParser();
    const known = schemaAfter(parser, 'create table item (id int primary key, a int)');
    const sql = 'create index item_a on item (a); alter table item alter column a type bigint';
    const { locks, indexLocks } = forecastOne(parser, sql, known, 18);
    assert.deepEqual(locks, [{ relation: 'public.item', mode: 'AccessExclusiveLock' }]);
    assert.deepEqual(indexLocks, [{ relation: 'public.item_pkey', mode: 'AccessExclusiveLock' }]);
  });

  it('says nothing of indexes where a statement refuses a transaction', async () => {
    const parser = await loadParser();
    const known = schemaAfter(parser, 'create table item (id int primary key, a int)');
    assert.deepEqual(forecastOne(parser, 'vacuum full item', known, 18).indexLocks, []);
    assert.equal(forecastOne(parser, 'reindex table item', known, 18).indexLocks.length, 1);
  });

  it('counts an index that is locked without its table among the relations', async () => {
    const parser = await loadParser();
    const known = schemaAfter(parser, 'create table item (id int primary key, a int)');
    const { locks, indexLocks } = forecastOne(parser, 'alter index item_pkey rename to key', known, 18);
    assert.deepEqual(locks, [{ relation: 'public.item_pkey', mode: 'ShareUpdateExclusiveLock' }]);
    assert.deepEqual(indexLocks, []);
  });
});

function indexesOf(schema: KnownSchema): unknown {
  return [...schema.relations]
    .flatMap(([table, { indexes }]) =>
      indexes.map(({ name, columns, labels, unique, uses }) => ({
        table,
        name,
        columns,
        labels,
        unique,
        uses: [...uses].sort(),
      })),
    )
    .sort((a, b) => (a.table + a.name < b.table + b.name ? -1 : 1));
}
