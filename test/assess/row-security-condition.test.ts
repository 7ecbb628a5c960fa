import assert from 'node:assert/strict';
import { loadParser } from '../../src/sql/parser';
import { setRowSecurity } from '../../src/assess/changes/set-row-security';
import { readTableFacts } from '../../src/catalog/read-table-facts';
import { testMajors } from '../support/servers';
import { withDatabase } from '../plan/database';

describe('the condition of a policy', function () {
  this.timeout(60_000);

  it('is read and not computed: a setting may be missing where it is planned', async () => {
    await withDatabase(testMajors.at(-1)!, async (session) => {
      await session.script('CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, k int)');
      const at = {
        session,
        parser: await loadParser(),
        table: await readTableFacts(session, { schema: 'app', name: 't' }),
        signal: new AbortController().signal,
      };
      const look = (using: string): Promise<unknown> =>
        setRowSecurity.look(
          {
            kind: 'set-row-security',
            table: { schema: 'app', name: 't' },
            policy: 'own',
            command: 'all',
            role: null,
            using,
            check: null,
          },
          at,
        );
      assert.deepEqual(await look("k = current_setting('app.x')::int"), { blockers: [] });
      assert.deepEqual(await look("k = current_setting('app.x')::int"), { blockers: [] });
      await assert.rejects(look('absent = 1'), { code: 'invalid-input' });
      await assert.rejects(look('k'), { code: 'invalid-input' });
      assert.deepEqual(await look('k > 1'), { blockers: [] });
    });
  });
});
