import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import { stepsOf } from '../../src/plan/plan';
import { withDatabase } from './database';
import { rollBackStep, runStep } from './execute';
import { planned } from './planned';
import { snapshotOf } from './snapshot';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'app', name: 't' },
  from: 'o',
  to: 'n',
};

interface Kind {
  title: string;
  schema: string;
  /** What the server's own rename needs besides. */
  renames?: string;
  since?: number;
  /** What both versions of the application do between expand and contract. */
  meanwhile?: string;
  after?: (session: Session) => Promise<void>;
}

const kinds: Kind[] = [
  {
    title: 'a serial column with its sequence',
    schema:
      'CREATE TABLE app.t (id int PRIMARY KEY, o serial); INSERT INTO app.t SELECT generate_series(1, 30)',
    after: async (session) => {
      const { rows } = await session.query(`INSERT INTO app.t (id) VALUES (99) RETURNING n`);
      assert.deepEqual(rows, [{ n: 31 }]);
      const owned = await session.query(`SELECT pg_get_serial_sequence('app.t', 'n') AS name`);
      assert.deepEqual(owned.rows, [{ name: 'app.t_o_seq' }]);
    },
  },
  {
    title: 'an identity column, whose numbers go on',
    schema: `CREATE TABLE app.t (id int PRIMARY KEY, o bigint GENERATED ALWAYS AS IDENTITY
        (SEQUENCE NAME app.numbers START WITH 100 INCREMENT BY 5 MAXVALUE 9999 CACHE 1 CYCLE));
      COMMENT ON SEQUENCE app.numbers IS 'counts'; GRANT USAGE ON SEQUENCE app.numbers TO PUBLIC;
      INSERT INTO app.t SELECT generate_series(1, 30)`,
    after: async (session) => {
      const { rows } = await session.query(`INSERT INTO app.t (id) VALUES (99) RETURNING n::int`);
      assert.deepEqual(rows, [{ n: 250 }]);
      const options = await session.query(
        `SELECT seqstart::int AS start, seqincrement::int AS step, seqmax::int AS most, seqcycle AS round
           FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('app.t', 'n')::regclass`,
      );
      assert.deepEqual(options.rows, [{ start: 100, step: 5, most: 9999, round: true }]);
    },
  },
  {
    title: 'foreign keys that point at the table itself, both ways',
    schema: `CREATE TABLE app.t (id int PRIMARY KEY, o int UNIQUE, parent int CONSTRAINT parent_fk REFERENCES app.t (o) ON DELETE SET NULL DEFERRABLE);
      INSERT INTO app.t VALUES (1, 1, NULL), (2, 2, 1);
      CREATE TABLE app.other (id int PRIMARY KEY, k int);
      INSERT INTO app.other VALUES (1, 1)`,
    renames: 'ALTER TABLE app.t RENAME CONSTRAINT t_o_key TO t_n_key',
  },
  {
    title: 'a foreign key to another table, not validated',
    schema: `CREATE TABLE app.other (id int PRIMARY KEY);
      CREATE TABLE app.t (id int PRIMARY KEY, o int, CONSTRAINT t_o_fkey FOREIGN KEY (o) REFERENCES app.other MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT);
      ALTER TABLE app.t DROP CONSTRAINT t_o_fkey;
      INSERT INTO app.t VALUES (1, 7);
      ALTER TABLE app.t ADD CONSTRAINT t_o_fkey FOREIGN KEY (o) REFERENCES app.other ON UPDATE CASCADE NOT VALID`,
    renames: 'ALTER TABLE app.t RENAME CONSTRAINT t_o_fkey TO t_n_fkey',
  },
  {
    title: 'a UNIQUE over two columns, with text of all sorts in a default',
    schema: `CREATE TABLE app.t (id int PRIMARY KEY, o text DEFAULT E'a\\\\b''"$x$', p int, CONSTRAINT pair UNIQUE (p, o));
      INSERT INTO app.t SELECT i, 'v' || i, 1 FROM generate_series(1, 10) i`,
  },
  {
    title: 'a domain on a small table',
    schema: `CREATE DOMAIN app.word AS text CHECK (VALUE <> ''); CREATE TABLE app.t (id int PRIMARY KEY, o app.word NOT NULL);
      INSERT INTO app.t SELECT i, 'w' FROM generate_series(1, 10) i`,
  },
  {
    title: 'a domain with a default, which old and new code leave out and override',
    schema: `CREATE DOMAIN app.seven AS int DEFAULT 7; CREATE DOMAIN app.under AS app.seven;
      CREATE TABLE app.t (id int PRIMARY KEY, o app.under); INSERT INTO app.t VALUES (1, 1), (2, NULL), (3, 7)`,
    meanwhile: `INSERT INTO app.t (id, o) VALUES (11, 3), (12, NULL), (13, 7); INSERT INTO app.t (id) VALUES (14);
      INSERT INTO app.t (id, n) VALUES (15, 5); UPDATE app.t SET n = 9 WHERE id = 1; UPDATE app.t SET o = 8 WHERE id = 2`,
    after: async (session) => {
      const { rows } = await session.query(`INSERT INTO app.t (id) VALUES (99) RETURNING n`);
      assert.deepEqual(rows, [{ n: 7 }]);
      const others = await session.query(
        `SELECT string_agg(concat(n), ',' ORDER BY id) AS n FROM app.t WHERE id < 99`,
      );
      assert.deepEqual(others.rows, [{ n: '9,8,7,3,,7,7,5' }]);
    },
  },
  {
    title: 'a table without a key and a name that is a word of SQL',
    schema: `CREATE TABLE app.t (o point); INSERT INTO app.t VALUES ('(1,2)'), (NULL); CREATE INDEX where_it_is ON app.t USING gist (o)`,
  },
  {
    title: 'a foreign key of a partitioned table',
    since: 18,
    schema: `CREATE TABLE app.other (id int PRIMARY KEY); INSERT INTO app.other VALUES (1);
      CREATE TABLE app.t (id int, o int NOT NULL CONSTRAINT t_o_fkey REFERENCES app.other) PARTITION BY LIST (id);
      CREATE TABLE app.t1 PARTITION OF app.t FOR VALUES IN (1); CREATE TABLE app.t2 PARTITION OF app.t DEFAULT;
      INSERT INTO app.t VALUES (1, 1), (2, 1)`,
    renames: ['t', 't1', 't2']
      .map((name) => `ALTER TABLE app.${name} RENAME CONSTRAINT t_o_fkey TO t_n_fkey;`)
      .join(' '),
  },
  {
    title: 'a publication with a column list and a row filter',
    since: 15,
    schema: `CREATE TABLE app.t (id int PRIMARY KEY, o text, p text); INSERT INTO app.t VALUES (1, 'a');
      CREATE PUBLICATION part FOR TABLE app.t (id, o) WHERE (id > 0); CREATE PUBLICATION whole FOR ALL TABLES`,
    after: async (session) => {
      const { rows } = await session.query(
        `SELECT pubname, attnames::text FROM pg_publication_tables WHERE pubname = 'part'`,
      );
      assert.deepEqual(rows, [{ pubname: 'part', attnames: '{id,n}' }]);
    },
  },
];

for (const major of testMajors) {
  describe(`renaming on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    for (const kind of kinds.filter((each) => (each.since ?? 12) <= major)) {
      it(`carries ${kind.title} over, and back before contract`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(`CREATE SCHEMA app; ${kind.schema}; ANALYZE;`);
          const before = await snapshotOf(session, 'app');
          const { plan } = await planned(session, change);
          await session.script(`BEGIN; ALTER TABLE app.t RENAME o TO n; ${kind.renames ?? ''}`);
          const expected = await snapshotOf(session, 'app');
          await session.script('ROLLBACK');
          const reversible = plan.phases
            .filter((phase) => phase.name !== 'contract')
            .flatMap((phase) => phase.steps);
          for (const step of reversible) await runStep(session, step);
          for (const step of [...reversible].reverse()) await rollBackStep(session, step);
          assert.deepEqual(await snapshotOf(session, 'app'), before);
          for (const [place, step] of stepsOf(plan).entries()) {
            await runStep(session, step);
            if (place === 0 && kind.meanwhile !== undefined) await session.script(kind.meanwhile);
          }
          assert.deepEqual(await snapshotOf(session, 'app'), expected);
          await kind.after?.(session);
        });
      });
    }

    const blocked: [string, string, RegExp][] = [
      ['a primary key', 'CREATE TABLE app.t (o int PRIMARY KEY)', /primary key/],
      [
        'a generated column',
        'CREATE TABLE app.t (id int, o int GENERATED ALWAYS AS (id + 1) STORED)',
        /generated column/,
      ],
      [
        'what a generated column reads',
        'CREATE TABLE app.t (o int, g int GENERATED ALWAYS AS (o + 1) STORED)',
        /generated column g/,
      ],
      [
        'what a materialized view reads',
        'CREATE TABLE app.t (o int); CREATE MATERIALIZED VIEW app.m AS SELECT o FROM app.t',
        /materialized view app\.m/,
      ],
      ['a partition key', 'CREATE TABLE app.t (o int) PARTITION BY LIST (o)', /partition key/],
      [
        'a partition',
        'CREATE TABLE app.p (o int, k int) PARTITION BY LIST (k); CREATE TABLE app.t PARTITION OF app.p DEFAULT',
        /partition of app\.p/,
      ],
      [
        'an exclusion constraint',
        'CREATE TABLE app.t (o int4range, EXCLUDE USING gist (o WITH &&))',
        /exclusion/,
      ],
      [
        'a domain that refuses NULL',
        'CREATE DOMAIN app.d AS int NOT NULL; CREATE TABLE app.t (o app.d); INSERT INTO app.t VALUES (1)',
        /refuses NULL.*--by-view/,
      ],
      [
        'a domain whose check refuses NULL',
        'CREATE DOMAIN app.d AS int CHECK (VALUE IS NOT NULL); CREATE TABLE app.t (o app.d)',
        /refuses NULL.*--by-view/,
      ],
      [
        'a UNIQUE that is deferrable',
        'CREATE TABLE app.t (o int, CONSTRAINT later UNIQUE (o) DEFERRABLE)',
        /later.*deferrable.*--by-view/,
      ],
      [
        'a trigger with a condition on it',
        `CREATE TABLE app.t (o int); CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER big BEFORE INSERT ON app.t FOR EACH ROW WHEN (NEW.o > 5) EXECUTE FUNCTION app.f()`,
        /trigger big.*--by-view/,
      ],
      [
        'an identity whose sequence something else uses',
        `CREATE TABLE app.t (id int, o int GENERATED ALWAYS AS IDENTITY);
         CREATE TABLE app.other (id int DEFAULT nextval('app.t_o_seq'))`,
        /sequence app\.t_o_seq is part of an identity/,
      ],
      ['inheritance', 'CREATE TABLE app.t (o int); CREATE TABLE app.c () INHERITS (app.t)', /inheritance/],
      [
        'a rule',
        'CREATE TABLE app.t (o int); CREATE RULE no AS ON DELETE TO app.t WHERE old.o = 1 DO INSTEAD NOTHING',
        /rule no/,
      ],
    ];
    if (major >= 15)
      blocked.push([
        'the row filter of a publication',
        'CREATE TABLE app.t (id int PRIMARY KEY, o int); CREATE PUBLICATION filtered FOR TABLE app.t WHERE (o > 0)',
        /publication filtered.*row filter/,
      ]);
    if (major >= 18)
      blocked.push(
        [
          'a foreign key that is not enforced',
          `CREATE TABLE app.other (id int PRIMARY KEY);
           CREATE TABLE app.t (o int CONSTRAINT loose REFERENCES app.other NOT ENFORCED)`,
          /constraint loose is not enforced.*--by-view/,
        ],
        [
          'a CHECK that is not enforced',
          'CREATE TABLE app.t (o int CONSTRAINT loose CHECK (o > 0) NOT ENFORCED)',
          /constraint loose is not enforced.*--by-view/,
        ],
      );
    for (const [title, schema, words] of blocked) {
      it(`stops at ${title} and says the way out`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(`CREATE SCHEMA app; ${schema}`);
          await assert.rejects(planned(session, change), (error) => {
            assert.ok(isSwitchbackError(error, 'invalid-input'), String(error));
            assert.match(error.sentence, words);
            return true;
          });
        });
      });
    }
  });
}
