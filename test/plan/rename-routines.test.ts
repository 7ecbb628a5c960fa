import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { stepsOf } from '../../src/plan/plan';
import { withDatabase } from './database';
import { rollBackStep, runStep } from './execute';
import { planned } from './planned';
import { snapshotOf } from './snapshot';

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'app', name: 'customers' },
  from: 'name',
  to: 'full_name',
};

const schema = `
  CREATE SCHEMA app;
  CREATE TABLE app.customers (id bigint PRIMARY KEY, name text NOT NULL);
  INSERT INTO app.customers VALUES (1, 'one');
  CREATE FUNCTION app.label(customer bigint, suffix text DEFAULT '') RETURNS text LANGUAGE sql STABLE AS $$
    -- the customer's name
    SELECT customers.name || ' <' || suffix || '>' FROM app.customers WHERE customers.id = customer
  $$;
  CREATE FUNCTION app.unrelated() RETURNS text LANGUAGE sql AS $$ SELECT 'no customers' AS name $$;
  CREATE FUNCTION app.by_hand() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT min(name) FROM app.customers); END $$;
`;
const parsedBody = `
  CREATE FUNCTION app.parsed(customer bigint) RETURNS text LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT name FROM app.customers WHERE id = customer; END;
`;

for (const major of testMajors) {
  it(`repoints SQL routines and names those a person has to change, on PostgreSQL ${major}`, async function () {
    this.timeout(60_000);
    await withDatabase(major, async (session) => {
      await session.script(schema + (major >= 14 ? parsedBody : ''));
      const { plan, notes } = await planned(session, change);
      assert.ok(
        notes.some((note) => note.includes('by_hand') && !note.includes('unrelated')),
        notes.join('\n'),
      );
      const steps = stepsOf(plan);
      const check = steps.findIndex((step) => step.id.endsWith('check-unused'));
      const before = await snapshotOf(session, 'app');
      for (const step of steps.slice(0, check)) await runStep(session, step);
      const { rows } = await session.query(`SELECT app.label(1, 'x') AS text`);
      assert.deepEqual(rows, [{ text: 'one <x>' }]);
      const lines = (await snapshotOf(session, 'app')).join('\n');
      assert.match(lines, /customers\.full_name \|\| ' <'/);
      await assert.rejects(runStep(session, steps[check]!), /by_hand/);
      for (const step of steps.slice(0, check).reverse()) await rollBackStep(session, step);
      assert.deepEqual(await snapshotOf(session, 'app'), before);

      await session.script(`DROP FUNCTION app.by_hand()`);
      for (const step of steps) await runStep(session, step);
      const after = await session.query(
        `SELECT app.label(1)${major >= 14 ? ', app.parsed(1) AS parsed' : ''}`,
      );
      assert.deepEqual(after.rows, [{ label: 'one <>', ...(major >= 14 ? { parsed: 'one' } : {}) }]);
    });
  });
}
