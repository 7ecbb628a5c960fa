import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { planned } from './planned';

describe('replacing the query of a view WITH CHECK OPTION', function () {
  this.timeout(60_000);

  it('is refused for a query that the server refuses for it', async () => {
    await withDatabase(testMajors.at(-1)!, async (session) => {
      await session.script(`CREATE SCHEMA app; CREATE TABLE app.t (id int, k text);
        CREATE VIEW app.v AS SELECT id, k FROM app.t WHERE id > 0 WITH CHECK OPTION;`);
      const refusal = async (definition: string): Promise<string> =>
        planned(session, { kind: 'replace-view', table: { schema: 'app', name: 'v' }, definition }).then(
          () => '',
          (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
        );
      for (const query of [
        'SELECT DISTINCT id, k FROM app.t',
        'SELECT rank() OVER (ORDER BY id)::int AS id, k FROM app.t',
        'SELECT max(id) AS id, max(k) AS k FROM app.t',
        'SELECT generate_series(1, id) AS id, k FROM app.t',
        'SELECT a.id, a.k FROM app.t a, app.t b',
        'SELECT id, k FROM app.t LIMIT 3',
      ]) {
        assert.match(await refusal(query), /RESET \(check_option\)/, query);
        await assert.rejects(
          session.query(`CREATE OR REPLACE VIEW app.v AS ${query} WITH CHECK OPTION`),
          /./,
          query,
        );
      }
      assert.equal(await refusal('SELECT id, upper(k) AS k FROM app.t WHERE id > 1'), '');
    });
  });
});
