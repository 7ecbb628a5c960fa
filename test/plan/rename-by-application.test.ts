import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import type { Session } from '../../src/database/session';
import { stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { rollBackStep, runStep, verificationHolds } from './execute';
import { Fleets, type Fleet, type Write } from './fleets';
import { planned } from './planned';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'Shop', name: 'Kunden' },
  from: 'Name',
  to: 'full name',
};
const names = { table: '"Shop"."Kunden"', old: '"Name"', new: '"full name"' };

const schema = `
  CREATE SCHEMA "Shop";
  CREATE TABLE "Shop"."known" (name varchar(40) PRIMARY KEY);
  INSERT INTO "Shop"."known" SELECT chr(i) FROM generate_series(ascii('a'), ascii('h')) i;
  CREATE TABLE "Shop"."Kunden" (
    id int PRIMARY KEY,
    "Name" varchar(40) NOT NULL DEFAULT 'nobody' CONSTRAINT "Name not empty" CHECK ("Name" <> ''),
    other text,
    CONSTRAINT "known Name" FOREIGN KEY ("Name") REFERENCES "Shop"."known" (name),
    CONSTRAINT "one Name" UNIQUE ("Name", other),
    CONSTRAINT "Name twice" UNIQUE ("Name"),
    CONSTRAINT mixed CHECK (num_nonnulls("Name", other) > 0)
  );
  COMMENT ON COLUMN "Shop"."Kunden"."Name" IS 'what it''s called';
  COMMENT ON CONSTRAINT "Name not empty" ON "Shop"."Kunden" IS 'as on the invoice';
  COMMENT ON CONSTRAINT "Name twice" ON "Shop"."Kunden" IS 'one each';
  CREATE UNIQUE INDEX "Kunden_Name" ON "Shop"."Kunden" ("Name");
  CREATE INDEX kunden_lower ON "Shop"."Kunden" (lower("Name"));
  CREATE TABLE "Shop".aliases (id int PRIMARY KEY, customer varchar(40) REFERENCES "Shop"."Kunden" ("Name"));
  CREATE VIEW "Shop".names AS SELECT id, "Name" FROM "Shop"."Kunden";
`;

const write: fc.Arbitrary<Write> = fc.record({
  by: fc.nat(3),
  does: fc.constantFrom(
    'insert' as const,
    'insert' as const,
    'update' as const,
    'update' as const,
    'delete' as const,
  ),
  id: fc.integer({ min: 1, max: 5 }),
  value: fc.constantFrom(...'abcdefgh'),
});

/** Which version a release brings, by the words of its step. */
const releases: Record<string, Fleet> = {
  'write-both': 'both, reads old',
  'read-new': 'both, reads new',
  'stop-writing-old': 'new',
};

async function planByApplication(session: Session): Promise<{ plan: Plan; before: Step[] }> {
  const { plan } = await planned(session, change, undefined, { dualWrite: 'application' });
  const before = plan.phases.filter((phase) => phase.name !== 'contract').flatMap((phase) => phase.steps);
  return { plan, before };
}

for (const major of testMajors) {
  describe(`a rename whose application writes both columns, on PostgreSQL ${major}`, function () {
    this.timeout(180_000);

    it('loses no write of any version, forward and back from every step', async () => {
      await withDatabase(major, async (session) => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.array(write, { maxLength: 4 }), { minLength: 45, maxLength: 45 }),
            // What has been released last is hardest to take back.
            fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(100)),
            async (rounds, stop) => {
              await session.script('DROP SCHEMA IF EXISTS "Shop" CASCADE');
              await session.script(schema);
              const { before } = await planByApplication(session);
              const fleets = new Fleets(session, names.table, names);
              let running: Fleet = 'old';
              let round = 0;
              const turn = async (now: readonly Fleet[], when: string): Promise<void> => {
                await fleets.write(now, rounds[round++ % rounds.length]!);
                await fleets.assertRead(now, when);
              };
              const done = before.slice(0, before.length - (stop % (before.length + 1)));
              const versions: Fleet[] = [];
              for (const step of done) {
                const release = releases[step.id.replace(/^\d+-/, '')];
                await turn(release ? [running, release] : [running], `before ${step.id}`);
                if (release) {
                  versions.push(running);
                  running = release;
                }
                await runStep(session, step);
              }
              for (const step of [...done].reverse()) {
                const release = releases[step.id.replace(/^\d+-/, '')];
                const previous = release ? versions.pop()! : running;
                await turn([running, previous], `before the rollback of ${step.id}`);
                running = previous;
                await rollBackStep(session, step);
              }
              await turn(['old'], 'after the rollback');
              const { rows } = await session.query(
                `SELECT 1 FROM pg_attribute WHERE attrelid = '${names.table}'::regclass AND attname = 'full name' AND NOT attisdropped`,
              );
              assert.equal(rows.length, 0);
            },
          ),
          { numRuns: 20, seed: 20260101 },
        );
      });
    });

    it('comes back exactly, step by step, and each step is seen only once it ran', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        await session.script(
          `INSERT INTO "Shop"."Kunden" (id, "Name") VALUES (1, 'a'), (2, 'b'); INSERT INTO "Shop".aliases VALUES (1, 'a')`,
        );
        const { before } = await planByApplication(session);
        const seen = [];
        for (const step of before) {
          seen.push(await readCatalog(session));
          if (step.kind === 'migration' || step.kind === 'concurrent')
            assert.equal(await verificationHolds(session, step), false, `${step.id} holds before it ran`);
          await runStep(session, step);
        }
        for (const step of [...before].reverse()) {
          await rollBackStep(session, step);
          const left = compareCatalogs(seen.pop()!, await readCatalog(session));
          const later = 'rollback' in step && step.rollback.kind === 'nothing' && step.kind === 'migration';
          if (!later) assert.deepEqual(left, [], step.id);
        }
      });
    });

    it('ends with the table as the server’s own rename would leave it', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        const { plan } = await planByApplication(session);
        for (const step of stepsOf(plan)) await runStep(session, step);
        const after = await readCatalog(session);
        await session.script(
          `INSERT INTO "Shop"."Kunden" (id, "full name") VALUES (1, 'a'); INSERT INTO "Shop".aliases VALUES (1, 'a')`,
        );
        await assert.rejects(session.query(`INSERT INTO "Shop"."Kunden" (id) VALUES (2)`), /known/);
        for (const refused of [`''`, 'NULL', `'a'`])
          await assert.rejects(
            session.query(`INSERT INTO "Shop"."Kunden" (id, "full name") VALUES (3, ${refused})`),
          );
        await session.script(`DROP SCHEMA "Shop" CASCADE`);
        await session.script(schema);
        await session.script(`
          ALTER TABLE "Shop"."Kunden" RENAME COLUMN "Name" TO "full name";
          ALTER TABLE "Shop"."Kunden" RENAME CONSTRAINT "Name not empty" TO "full name not empty";
          ALTER TABLE "Shop"."Kunden" RENAME CONSTRAINT "known Name" TO "known full name";
          ALTER TABLE "Shop"."Kunden" RENAME CONSTRAINT "one Name" TO "one full name";
          ALTER TABLE "Shop"."Kunden" RENAME CONSTRAINT "Name twice" TO "full name twice";
          ALTER INDEX "Shop"."Kunden_Name" RENAME TO "Kunden_full name";
        `);
        const differences = compareCatalogs(await readCatalog(session), after).filter(
          // A column that is made anew is the last one.
          (each) => each.property !== 'column order',
        );
        assert.deepEqual(differences, []);
      });
    });

    it('stops before anything reads the new name while an old version still writes', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        await session.script(`INSERT INTO "Shop"."Kunden" (id, "Name") VALUES (1, 'a'), (2, 'b')`);
        const { before } = await planByApplication(session);
        for (const step of before) {
          if (step.id.endsWith('-check-equal-before-reading')) {
            assert.equal(step.kind, 'check');
            await session.query(`UPDATE "Shop"."Kunden" SET "Name" = 'c' WHERE id = 1`);
            await assert.rejects(runStep(session, step), /rows that differ: 1/);
            await session.script(/UPDATE .*;$/.exec(step.action)![0]);
          }
          await runStep(session, step);
        }
      });
    });

    it('is refused, with the way out, where the database itself writes the column', async () => {
      await withDatabase(major, async (session) => {
        await session.script(`
          CREATE DOMAIN word AS text CHECK (VALUE <> '');
          CREATE TABLE t (id int PRIMARY KEY, a int GENERATED BY DEFAULT AS IDENTITY, b serial, c word, d text, e text UNIQUE);
          CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.d := upper(NEW.d); UPDATE t SET d = d; RETURN NEW; END';
          CREATE TRIGGER fill BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fill();
        `);
        const refused = async (from: string): Promise<string> => {
          const table = { schema: 'public', name: 't' };
          const request = { kind: 'rename-column' as const, table, from, to: 'x' };
          await planned(session, request);
          try {
            await planned(session, request, undefined, { dualWrite: 'application' });
          } catch (error) {
            return (error as Error).message;
          }
          return 'nothing';
        };
        assert.match(await refused('a'), /sequence.*trigger/);
        assert.match(await refused('b'), /sequence.*trigger/);
        assert.match(await refused('c'), /domain.*trigger/);
        assert.match(await refused('d'), /BEFORE triggers.*trigger/);
        assert.equal(await refused('e'), 'nothing');
      });
    });
  });
}
