import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import type { Session } from '../../src/database/session';
import { stepsOf } from '../../src/plan/plan';
import { withDatabase } from './database';
import { rollBackStep, runStep } from './execute';
import { planned } from './planned';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'app', name: 't' },
  from: 'o',
  to: 'n',
};

function schemaOn(major: number): string {
  return `
    CREATE SCHEMA app;
    CREATE TABLE app.t (id int PRIMARY KEY, o text CONSTRAINT key UNIQUE, p text);
    ALTER TABLE app.t ALTER o SET STORAGE EXTERNAL, ALTER o SET (n_distinct = -0.5, n_distinct_inherited = 7);
    ${major < 14 ? '' : 'ALTER TABLE app.t ALTER o SET COMPRESSION pglz;'}
    CREATE INDEX lower_o ON app.t (lower(o)) TABLESPACE pg_default WHERE p <> ' WHERE ';
    COMMENT ON INDEX app.lower_o IS 'the index'; ALTER INDEX app.lower_o ALTER COLUMN 1 SET STATISTICS 321;
    CREATE INDEX plain ON app.t (p, o); ALTER TABLE app.t CLUSTER ON plain;
    COMMENT ON INDEX app.key IS 'of the key';
    CREATE STATISTICS app.both (dependencies) ON o, p FROM app.t; COMMENT ON STATISTICS app.both IS 'the statistics';
    ${major < 13 ? '' : 'ALTER STATISTICS app.both SET STATISTICS 222;'}
    ALTER STATISTICS app.both OWNER TO pg_monitor;
    CREATE TABLE app.child (o text CONSTRAINT parent REFERENCES app.t (o)); COMMENT ON CONSTRAINT parent ON app.child IS 'to it';
    CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER watch AFTER UPDATE OF o ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();
    COMMENT ON TRIGGER watch ON app.t IS 'it watches';
    INSERT INTO app.t SELECT i, 'v' || i, 'p' FROM generate_series(1, 40) i; ANALYZE app.t;
  `;
}

/** What the server says of what the definitions leave out. */
async function remarksOf(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ line: string }>(`
    SELECT concat_ws(' ', c.relname, CASE c.relkind WHEN 'i' THEN a.attnum::text ELSE a.attname END, a.attstorage, to_jsonb(a.attoptions), nullif(a.attstattarget, -1),
                     obj_description(c.oid, 'pg_class'), c.reltablespace) AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'app'::regnamespace
    UNION ALL SELECT 'clustered ' || indexrelid::regclass FROM pg_index WHERE indisclustered
    UNION ALL SELECT concat_ws(' ', stxname, pg_get_userbyid(stxowner), to_jsonb(s) ->> 'stxstattarget', obj_description(oid, 'pg_statistic_ext'))
                FROM pg_statistic_ext s
    UNION ALL SELECT concat_ws(' ', conname, obj_description(oid, 'pg_constraint')) FROM pg_constraint
               WHERE connamespace = 'app'::regnamespace AND contype <> 'n'
    UNION ALL SELECT concat_ws(' ', tgname, obj_description(oid, 'pg_trigger')) FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

for (const major of testMajors) {
  describe(`what goes along with a renamed column on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    it('is as the server’s own rename leaves it, and as it was after the way back', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schemaOn(major));
        const before = await remarksOf(session);
        const { plan } = await planned(session, change);
        await session.script(
          'BEGIN; ALTER TABLE app.t RENAME o TO n; ALTER INDEX app.lower_o RENAME TO lower_n',
        );
        const expected = await remarksOf(session);
        await session.script('ROLLBACK');
        const reversible = plan.phases
          .filter(({ name }) => name !== 'contract')
          .flatMap(({ steps }) => steps);
        for (const step of reversible) await runStep(session, step);
        for (const step of [...reversible].reverse()) await rollBackStep(session, step);
        assert.deepEqual(await remarksOf(session), before);
        for (const step of stepsOf(plan)) await runStep(session, step);
        assert.deepEqual(await remarksOf(session), expected);
      });
    });
  });
}
