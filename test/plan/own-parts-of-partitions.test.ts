import assert from 'node:assert/strict';
import type { SingleChange } from '../../src/assess/change';
import { testMajors } from '../support/servers';
import { assessmentOf } from './assessment';
import { withDatabase } from './database';
import { planned } from './planned';

const table = { schema: 'app', name: 't' };
const beside: SingleChange[] = [
  { kind: 'change-column-type', table, column: 'o', type: 'bigint', using: null, back: null },
  { kind: 'rename-column', table, from: 'o', to: 'n' },
  { kind: 'remove-enum-value', table, column: 'o', value: '2', instead: null },
  { kind: 'enum-to-table', table, column: 'o' },
] as SingleChange[];

/** `since`: before that the server refuses it. */
interface OwnPart {
  title: string;
  made: string;
  says: RegExp;
  since?: number;
}

const ownParts: OwnPart[] = [
  { title: 'an index', made: 'CREATE INDEX own ON app.p (o)', says: /of their own on o.*index app\.own/ },
  {
    title: 'an index on an expression',
    made: 'CREATE INDEX own ON app.p ((o IS NULL))',
    says: /of their own on o.*index app\.own/,
  },
  {
    title: 'a check',
    made: "ALTER TABLE app.p ADD CONSTRAINT own CHECK (o <> '3')",
    says: /of their own on o.*constraint own on table app\.p/,
  },
  {
    title: 'a unique constraint',
    made: 'ALTER TABLE app.p ADD CONSTRAINT own UNIQUE (id, o)',
    says: /of their own on o.*constraint own on table app\.p/,
  },
  {
    title: 'statistics',
    made: 'CREATE STATISTICS app.own ON id, o FROM app.p',
    says: /of their own on o.*statistics object app\.own/,
  },
  {
    title: 'a view',
    made: 'CREATE VIEW app.own AS SELECT o FROM app.p',
    says: /of their own on o.*on view app\.own/,
  },
  {
    title: 'a trigger',
    made: `CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER own AFTER UPDATE OF o ON app.p FOR EACH ROW EXECUTE FUNCTION app.f()`,
    says: /of their own on o.*trigger own on table app\.p/,
  },
  {
    title: 'a default',
    made: "ALTER TABLE app.p ALTER o SET DEFAULT '2'",
    says: /another default of o.*app\.p/,
  },
  { title: 'NOT NULL', made: 'ALTER TABLE app.p ALTER o SET NOT NULL', says: /another default of o.*app\.p/ },
  { title: 'a comment', made: "COMMENT ON COLUMN app.p.o IS 'c'", says: /a comment or privileges.*app\.p/ },
  {
    title: 'privileges',
    made: 'GRANT SELECT (o) ON app.p TO PUBLIC',
    says: /a comment or privileges.*app\.p/,
  },
];

const schemaFor = ({ kind }: SingleChange): string => `DROP SCHEMA IF EXISTS app CASCADE;
  CREATE SCHEMA app; CREATE TYPE app.e AS ENUM ('1', '2', '3');
  CREATE TABLE app.t (id int, o ${kind === 'change-column-type' ? 'int' : 'app.e'} DEFAULT '3' CONSTRAINT whole CHECK (o <> '1')) PARTITION BY RANGE (id);
  CREATE INDEX ON app.t (o);
  CREATE TABLE app.q PARTITION OF app.t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
  CREATE TABLE app.p PARTITION OF app.q FOR VALUES FROM (0) TO (50)`;

for (const major of testMajors) {
  describe(`what partitions have of their own on a column, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    for (const change of beside) {
      it(`stops ${change.kind}, with the way out`, async () => {
        await withDatabase(major, async (session) => {
          for (const { title, made, says } of ownParts) {
            await session.script(`${schemaFor(change)}; ${made}`);
            const { blockers } = await assessmentOf(session, change);
            assert.ok(
              blockers.some((blocker) => says.test(blocker)),
              `${title}: ${blockers.join(' ')}`,
            );
          }
        });
      });
    }

    it('is nothing where each part is one of the whole', async () => {
      await withDatabase(major, async (session) => {
        for (const change of beside) {
          await session.script(schemaFor(change));
          await planned(session, change);
        }
      });
    });

    it('stays where the type changes in place', async () => {
      await withDatabase(major, async (session) => {
        await session.script(
          'CREATE SCHEMA app; CREATE TABLE app.t (o varchar(5)) PARTITION BY HASH (o); CREATE TABLE app.p PARTITION OF app.t FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE INDEX ON app.p ((o IS NULL))',
        );
        const wider: SingleChange = {
          kind: 'change-column-type',
          table,
          column: 'o',
          type: 'varchar(6)',
          using: null,
          back: null,
        };
        await planned(session, wider);
      });
    });
  });
}
