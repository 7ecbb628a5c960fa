import assert from 'node:assert/strict';
import type { WriteHours } from '../../../src/assess/load/load-facts';
import { readWriteHours } from '../../../src/assess/load/read-write-hours';
import { openSession } from '../../../src/database/connect';
import type { Session } from '../../../src/database/session';
import { testMajors, testServer, type TestDatabase } from '../../support/servers';

/** SQL of times of the last 37 days from `from` o'clock UTC on, so many hours of each day. */
const times = (from: number, hours: number): string =>
  `date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '1 day' * ceil(i / 108.1)
     + interval '1 hour' * (${from} + ${hours} * (i * 0.6180339887 - floor(i * 0.6180339887)))`;

const rows = 'FROM generate_series(1, 4000) i';

for (const major of testMajors) {
  describe(`when rows are written, by the statistics of PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const signal = new AbortController().signal;
    let session: Session;
    let database: TestDatabase;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await openSession(database.connection, database.password);
    });

    after(async () => {
      await session.close();
      await database.drop();
    });

    async function hours(table: string, sql: string): Promise<WriteHours | null> {
      await session.script(sql);
      return readWriteHours(session, { schema: 'public', name: table }, signal);
    }

    it('finds the hours with the fewest, in UTC and in the zone of the session, in any style of dates', async () => {
      const sql = `
        CREATE TABLE orders (id bigint, "made ""at""" timestamptz DEFAULT now(), due timestamptz DEFAULT now() + interval '7 days');
        INSERT INTO orders SELECT i, ${times(6, 20)}, ${times(0, 12)} ${rows};
        INSERT INTO orders VALUES (0, 'infinity'), (0, '-infinity'), (0, '0044-03-15 BC'), (0, NULL);
        ANALYZE orders;
        SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'SQL, DMY'`;
      try {
        const found = await hours('orders', sql);
        assert.ok(found?.standsOut);
        assert.deepEqual([found.from, found.to, found.share, found.column], [2, 6, 0, 'made "at"']);
        assert.ok(found.samples >= 95 && found.samples <= 101);
        assert.deepEqual([found.zoned, found.local], [true, { zone: 'Asia/Kolkata', minutes: 330 }]);
        const span = Date.parse(found.last) - Date.parse(found.first);
        assert.ok(span > 35 * 86_400_000 && span <= 41 * 86_400_000);
      } finally {
        await session.script('RESET TimeZone; RESET DateStyle');
      }
    });

    it('says that none stand out where rows are written all day', async () => {
      const found = await hours(
        'clicks',
        `CREATE TABLE clicks (at timestamptz DEFAULT CURRENT_TIMESTAMP);
         INSERT INTO clicks SELECT ${times(0, 24)} ${rows}; ANALYZE clicks`,
      );
      assert.deepEqual([found?.standsOut, found?.local], [false, null]);
    });

    it('takes hours without a zone as they are, of the column with the latest values, by its name', async () => {
      const found = await hours(
        'posts',
        `SET TimeZone = 'Asia/Kolkata';
         CREATE DOMAIN moment AS timestamp(3);
         CREATE TABLE posts (created_at timestamp, "updatedAt" moment, seen timestamp, updated_at date);
         INSERT INTO posts SELECT (${times(8, 12)}) AT TIME ZONE 'UTC' - interval '2 days', (${times(3, 20)}) AT TIME ZONE 'UTC',
           now() ${rows};
         ANALYZE posts; RESET TimeZone`,
      );
      assert.deepEqual(
        [found?.from, found?.column, found?.zoned, found?.local],
        [23, 'updatedAt', false, null],
      );
    });

    it('counts what many rows have in common: a nightly batch is no quiet hour', async () => {
      const found = await hours(
        'imports',
        `CREATE TABLE imports (id int, made timestamptz DEFAULT statement_timestamp());
         INSERT INTO imports SELECT i, ${times(8, 12)} ${rows};
         INSERT INTO imports SELECT i, date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
           - interval '1 day' * (i % 40) - interval '90 minutes' ${rows};
         ANALYZE imports`,
      );
      // Half of all rows are written at 22:30.
      assert.deepEqual([found?.from, found?.standsOut], [2, true]);
    });

    it('asks the partitions where the table has no statistics of its own', async () => {
      const parts = await hours(
        'events',
        `CREATE TABLE events (id int, created_at timestamptz DEFAULT now()) PARTITION BY LIST (id);
         CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1) PARTITION BY RANGE (created_at);
         CREATE TABLE events_1_all PARTITION OF events_1 DEFAULT;
         CREATE TABLE events_2 PARTITION OF events FOR VALUES IN (2);
         INSERT INTO events SELECT 1 + i % 2, ${times(6, 20)} ${rows};
         ANALYZE events_1_all; ANALYZE events_2`,
      );
      assert.deepEqual([parts?.from, parts?.share, parts?.standsOut], [2, 0, true]);
      assert.ok(parts!.samples > 150);
      const whole = await hours('events', 'ANALYZE events');
      assert.deepEqual([whole?.from, whole?.share, whole?.standsOut], [2, 0, true]);
      assert.ok(whole!.samples <= 101);
    });

    it('reads those of the newest partitions where there are many', async () => {
      const found = await hours(
        'days',
        `CREATE TABLE days (id int, created_at timestamptz DEFAULT now()) PARTITION BY LIST (id);
         DO $$ BEGIN FOR part IN 1..103 LOOP
           EXECUTE format('CREATE TABLE days_%s PARTITION OF days FOR VALUES IN (%s)', part, part);
         END LOOP; END $$;
         INSERT INTO days SELECT 1 + i % 103, ${times(6, 20)} ${rows};
         DO $$ BEGIN FOR part IN 1..103 LOOP EXECUTE format('ANALYZE days_%s', part); END LOOP; END $$`,
      );
      assert.deepEqual([found?.from, found?.share, found?.standsOut], [2, 0, true]);
      assert.ok(found!.samples <= (4000 / 103) * 102);
    });

    it('takes the statistics of a table together with those of its children', async () => {
      const found = await hours(
        'notes',
        `CREATE TABLE notes (created_at timestamptz DEFAULT now()); CREATE TABLE old_notes () INHERITS (notes);
         INSERT INTO notes SELECT ${times(6, 12)} ${rows}; INSERT INTO old_notes SELECT ${times(18, 8)} ${rows};
         ANALYZE notes`,
      );
      assert.deepEqual([found?.from, found?.share, found?.standsOut], [2, 0, true]);
    });

    const untold: [string, string][] = [
      [
        'no statistics',
        `created_at timestamptz DEFAULT now()); INSERT INTO untold SELECT ${times(6, 18)} ${rows}`,
      ],
      ['no column with times', 'created_at date DEFAULT now(), id int); ANALYZE untold'],
      [
        'times that are none of the write',
        `at timestamptz); INSERT INTO untold SELECT ${times(6, 18)} ${rows}; ANALYZE untold`,
      ],
      [
        'nothing of late',
        `created_at timestamptz); INSERT INTO untold SELECT ${times(6, 18)} - interval '200 days' ${rows}; ANALYZE untold`,
      ],
      ['no rows', 'created_at timestamptz DEFAULT now()); ANALYZE untold'],
    ];
    for (const [title, sql] of untold) {
      it(`has nothing to tell of a table with ${title}`, async () =>
        assert.equal(
          await hours('untold', `DROP TABLE IF EXISTS untold; CREATE TABLE untold (${sql}`),
          null,
        ));
    }

    it('has nothing to tell who may not read the column', async () => {
      await session.script('SET ROLE pg_monitor');
      try {
        assert.equal(await readWriteHours(session, { schema: 'public', name: 'orders' }, signal), null);
      } finally {
        await session.script('RESET ROLE');
      }
    });
  });
}
