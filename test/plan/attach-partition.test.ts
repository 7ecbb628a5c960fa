import assert from 'node:assert/strict';
import { stepsOf } from '../../src/plan/plan';
import type { AttachPartition } from '../../src/assess/changes/attach-partition';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { planned } from './planned';

const [oldest, newest] = [testMajors[0]!, testMajors.at(-1)!];

const ranges = `CREATE SCHEMA app; CREATE TABLE app.t (id int NOT NULL, k int) PARTITION BY RANGE (id);
  CREATE TABLE app.p1 PARTITION OF app.t FOR VALUES FROM (0) TO (10);
  CREATE TABLE app.x (id int NOT NULL, k int);`;

function change(bound: string): AttachPartition {
  return {
    kind: 'attach-partition',
    table: { schema: 'app', name: 't' },
    partition: { schema: 'app', name: 'x' },
    bound,
  };
}

async function refusal(schema: string, bound: string): Promise<string> {
  let found = '';
  await withDatabase(newest, async (session) => {
    await session.script(schema);
    await planned(session, change(bound)).then(
      () => undefined,
      (error: unknown) => (found = JSON.stringify(error, Object.getOwnPropertyNames(error))),
    );
  });
  return found;
}

describe('attaching a partition', function () {
  this.timeout(120_000);

  const next = 'FOR VALUES FROM (10) TO (20)';
  const returns = 'RETURNS trigger LANGUAGE plpgsql AS $$begin return null; end$$;';
  const refused: [title: string, schema: string, bound: string, words: RegExp][] = [
    ['an empty bound', ranges, 'FOR VALUES FROM (20) TO (10)', /No row is within/],
    ['a bound that meets another', ranges, 'FOR VALUES FROM (MINVALUE) TO (1)', /the partition app\.p1/],
    [
      'a list that meets another',
      `CREATE SCHEMA app; CREATE TABLE app.t (id int, k text) PARTITION BY LIST (k);
       CREATE TABLE app.p1 PARTITION OF app.t FOR VALUES IN ('a', NULL); CREATE TABLE app.x (id int, k text);`,
      "FOR VALUES IN ('b', NULL)",
      /the partition app\.p1/,
    ],
    [
      'a hash that meets another',
      `CREATE SCHEMA app; CREATE TABLE app.t (id int, k text) PARTITION BY HASH (id);
       CREATE TABLE app.p1 PARTITION OF app.t FOR VALUES WITH (MODULUS 4, REMAINDER 3); CREATE TABLE app.x (id int, k text);`,
      'FOR VALUES WITH (MODULUS 2, REMAINDER 1)',
      /the partition app\.p1/,
    ],
    [
      'a CHECK that is NOT VALID',
      `${ranges} ALTER TABLE app.t ADD CONSTRAINT c CHECK (k > 0);
       ALTER TABLE app.x ADD CONSTRAINT c CHECK (k > 0) NOT VALID;`,
      next,
      /VALIDATE CONSTRAINT c/,
    ],
    [
      'a NOT NULL that is NOT VALID',
      `${ranges} ALTER TABLE app.x ALTER id DROP NOT NULL; ALTER TABLE app.x ADD CONSTRAINT n NOT NULL id NOT VALID;`,
      next,
      /VALIDATE CONSTRAINT n/,
    ],
    [
      'a trigger of the same name',
      `${ranges} CREATE FUNCTION app.f() ${returns}
       CREATE TRIGGER tr AFTER INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();
       CREATE TRIGGER tr AFTER INSERT ON app.x FOR EACH STATEMENT EXECUTE FUNCTION app.f();`,
      next,
      /The trigger tr is at app\.x and at app\.t/,
    ],
    [
      'a row trigger with a transition table',
      `${ranges} CREATE FUNCTION app.f() ${returns}
       CREATE TRIGGER tr AFTER INSERT ON app.x REFERENCING NEW TABLE AS n FOR EACH ROW EXECUTE FUNCTION app.f();`,
      next,
      /transition table/,
    ],
  ];
  for (const [title, schema, bound, words] of refused)
    it(`is refused for ${title}`, async () => assert.match(await refusal(schema, bound), words));

  it('takes a bound beside the others', async () => {
    assert.equal(await refusal(ranges, next), '');
    const pairs = `CREATE SCHEMA app; CREATE TABLE app.t (id int NOT NULL, k text COLLATE "C" NOT NULL) PARTITION BY RANGE (id, k);
      CREATE TABLE app.p1 PARTITION OF app.t FOR VALUES FROM (0, MINVALUE) TO (10, 'm');
      CREATE TABLE app.x (id int NOT NULL, k text COLLATE "C" NOT NULL);`;
    assert.equal(await refusal(pairs, "FOR VALUES FROM (10, 'm') TO (MAXVALUE, MAXVALUE)"), '');
    assert.match(await refusal(pairs, "FOR VALUES FROM (10, 'a') TO (11, 'a')"), /the partition app\.p1/);
  });

  for (const major of [oldest, newest])
    it(`reads no row of the default partition of a partition, PostgreSQL ${major}`, async () => {
      await withDatabase(major, async (session) => {
        await session.script(`CREATE SCHEMA app; CREATE TABLE app.top (id int NOT NULL, k int NOT NULL) PARTITION BY RANGE (id);
          CREATE TABLE app.t PARTITION OF app.top FOR VALUES FROM (0) TO (100) PARTITION BY LIST (k);
          CREATE TABLE app.rest PARTITION OF app.t DEFAULT; CREATE TABLE app.x (id int NOT NULL, k int NOT NULL);
          INSERT INTO app.rest SELECT i, i FROM generate_series(2, 90) i; INSERT INTO app.x SELECT i, 1 FROM generate_series(2, 90) i;`);
        const { plan } = await planned(session, change('FOR VALUES IN (1)'));
        const steps = stepsOf(plan);
        const attach = steps.find(({ title }) => title.startsWith('Attach'))!;
        assert.match(attach.action, /nobody can use app\.rest/);
        for (const step of steps.slice(0, steps.indexOf(attach)))
          if (step.kind === 'migration') await session.script(step.forward);
        await session.transaction(async () => {
          const scans = async (): Promise<unknown> =>
            (
              await session.query(
                `SELECT sum(pg_stat_get_xact_numscans(oid))::text AS scans FROM pg_class WHERE relname IN ('rest', 'x')`,
              )
            ).rows;
          const before = await scans();
          if (attach.kind === 'migration') await session.query(attach.forward);
          assert.deepEqual(await scans(), before);
        });
      });
    });
});
