import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { stepsOf } from '../../src/plan/plan';
import { withDatabase } from './database';
import { rollBackStep, runStep, verificationHolds } from './execute';
import { planned } from './planned';
import { snapshotOf } from './snapshot';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'Shop', name: 'Kunden "alt"' },
  from: 'Name',
  to: 'vollständiger Name',
};

const schema = `
  CREATE SCHEMA "Shop";
  CREATE TABLE "Shop"."Kunden ""alt""" (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "Name" varchar(40) COLLATE "C" NOT NULL DEFAULT 'nobody' CONSTRAINT "Name not empty" CHECK ("Name" <> ''),
    other text,
    CONSTRAINT "Kunden_Name_key" UNIQUE ("Name")
  );
  COMMENT ON COLUMN "Shop"."Kunden ""alt"""."Name" IS 'what it''s called';
  CREATE INDEX kunden_lower ON "Shop"."Kunden ""alt""" (lower("Name"), other) WHERE "Name" LIKE 'a%';
  CREATE INDEX "kunden_Name_idx" ON "Shop"."Kunden ""alt""" ("Name" varchar_pattern_ops DESC NULLS LAST) INCLUDE (other);
  CREATE STATISTICS "Shop".kunden_statistik (ndistinct) ON "Name", other FROM "Shop"."Kunden ""alt""";
  CREATE TABLE "Shop".aliases (id int PRIMARY KEY, customer varchar(40) REFERENCES "Shop"."Kunden ""alt""" ("Name") ON UPDATE CASCADE);
  CREATE VIEW "Shop".names WITH (security_barrier=true) AS SELECT id, "Name", upper("Name") AS loud FROM "Shop"."Kunden ""alt""" k;
  CREATE FUNCTION "Shop".touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER touched AFTER UPDATE OF "Name", other ON "Shop"."Kunden ""alt""" FOR EACH ROW
    WHEN (old."Name" IS DISTINCT FROM new."Name") EXECUTE FUNCTION "Shop".touch();
  ALTER TABLE "Shop"."Kunden ""alt""" ENABLE ROW LEVEL SECURITY;
  CREATE POLICY visible ON "Shop"."Kunden ""alt""" USING ("Name" <> 'hidden');
  CREATE ROLE reader_of_names;
  GRANT SELECT ("Name", id) ON "Shop"."Kunden ""alt""" TO reader_of_names;
  INSERT INTO "Shop"."Kunden ""alt""" ("Name", other) SELECT 'a' || i, i::text FROM generate_series(1, 500) i;
  INSERT INTO "Shop".aliases SELECT i, 'a' || i FROM generate_series(1, 20) i;
  ANALYZE;
`;

/** What the server's own rename gives, with the names the plan derives from the new one. */
const plainRename = `
  ALTER TABLE "Shop"."Kunden ""alt""" RENAME COLUMN "Name" TO "vollständiger Name";
  ALTER TABLE "Shop"."Kunden ""alt""" RENAME CONSTRAINT "Name not empty" TO "vollständiger Name not empty";
  ALTER TABLE "Shop"."Kunden ""alt""" RENAME CONSTRAINT "Kunden_Name_key" TO "Kunden_vollständiger Name_key";
  ALTER INDEX "Shop"."kunden_Name_idx" RENAME TO "kunden_vollständiger Name_idx";
`;

for (const major of testMajors) {
  describe(`renaming a column on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    it('runs every step, verifies each, and leaves the table as if the column had always had the new name', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        try {
          const { plan } = await planned(session, change);
          await session.script(`BEGIN; ${plainRename}`);
          const expected = await snapshotOf(session, 'Shop');
          await session.script('ROLLBACK');
          for (const step of stepsOf(plan)) {
            if (
              step.kind !== 'check' &&
              step.kind !== 'deploy' &&
              step.kind !== 'wait' &&
              step.kind !== 'backfill'
            ) {
              assert.equal(await verificationHolds(session, step), false, `${step.id} holds before it ran`);
            }
            await runStep(session, step);
          }
          assert.deepEqual(await snapshotOf(session, 'Shop'), expected);
        } finally {
          await session.script('DROP OWNED BY reader_of_names; DROP ROLE reader_of_names');
        }
      });
    });

    it('comes back exactly by the rollbacks in reverse before contract', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        try {
          const before = await snapshotOf(session, 'Shop');
          const { plan } = await planned(session, change);
          const steps = plan.phases
            .filter((phase) => phase.name !== 'contract')
            .flatMap((phase) => phase.steps);
          const seen = [before];
          for (const step of steps) {
            await runStep(session, step);
            seen.push(await snapshotOf(session, 'Shop'));
          }
          for (const step of [...steps].reverse()) {
            seen.pop();
            await rollBackStep(session, step);
            assert.deepEqual(
              await snapshotOf(session, 'Shop'),
              seen.at(-1),
              `after the rollback of ${step.id}`,
            );
          }
        } finally {
          await session.script('DROP OWNED BY reader_of_names; DROP ROLE reader_of_names');
        }
      });
    });
  });
}
