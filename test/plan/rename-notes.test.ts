import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { stepsOf } from '../../src/plan/plan';
import { assessmentOf } from './assessment';
import { withDatabase } from './database';
import { planned } from './planned';

const newest = testMajors.at(-1)!;

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'public', name: 't' },
  from: 'o',
  to: 'n',
};

describe('what is said of a rename', function () {
  this.timeout(60_000);

  it('tells subscribers of the column only where it is published', async () => {
    await withDatabase(newest, async (session) => {
      await session.script(
        'CREATE TABLE t (id int PRIMARY KEY, o int, p int); CREATE PUBLICATION without FOR TABLE t (id, p)',
      );
      const silent = await planned(session, change);
      assert.doesNotMatch(silent.notes.join('\n'), /subscriber/);
      await session.script('CREATE PUBLICATION listing FOR TABLE t (id, o)');
      const { notes } = await planned(session, change);
      assert.match(notes.join('\n'), /t is published by listing\. Add the column n on each subscriber/);
    });
  });

  it('tells upserts of the two unique indexes, in the release too', async () => {
    await withDatabase(newest, async (session) => {
      await session.script('CREATE TABLE t (id int PRIMARY KEY, o int UNIQUE)');
      const { plan, notes } = await planned(session, change);
      assert.match(notes.join('\n'), /ON CONFLICT/);
      const releases = stepsOf(plan).flatMap((step) => (step.kind === 'deploy' ? [step.instructions] : []));
      assert.match(releases.join('\n'), /ON CONFLICT/);
      await session.script('ALTER TABLE t DROP CONSTRAINT t_o_key; CREATE INDEX ON t (o)');
      assert.doesNotMatch((await planned(session, change)).notes.join('\n'), /ON CONFLICT/);
    });
  });

  it('is that a subscription writes the table', async () => {
    await withDatabase(newest, async (session) => {
      await session.script(`CREATE TABLE t (id int PRIMARY KEY, o int);
        CREATE SUBSCRIPTION taking CONNECTION 'dbname=none' PUBLICATION none WITH (connect = false, slot_name = NONE)`);
      try {
        await session.script(
          `INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, 't'::regclass, 'r' FROM pg_subscription`,
        );
        const { blockers } = await assessmentOf(session, change);
        assert.match(blockers.join('\n'), /subscription writes rows of public\.t/);
      } finally {
        await session.script('DELETE FROM pg_subscription_rel; DROP SUBSCRIPTION taking');
      }
    });
  });
});
