import assert from 'node:assert/strict';
import type { SingleChange } from '../../src/assess/change';
import { checkColumns } from '../../src/assess/check-input';
import { readTableFacts } from '../../src/catalog/read-table-facts';
import { testMajors } from '../support/servers';
import { withDatabase } from './database';
import { planned } from './planned';

const newest = testMajors.at(-1)!;
const table = { schema: 'app', name: 't' };

describe('a NOT NULL that is NOT VALID', function () {
  this.timeout(60_000);
  before(function () {
    if (newest < 18) this.skip();
  });

  const changes: SingleChange[] = [
    { kind: 'add-primary-key', table, columns: ['k'], name: null },
    { kind: 'set-not-null', table, column: 'k', value: null },
  ];
  for (const change of changes)
    it(`is to be validated before ${change.kind}`, async () => {
      await withDatabase(newest, async (session) => {
        await session.script(`CREATE SCHEMA app; CREATE TABLE app.t (k int); INSERT INTO app.t VALUES (NULL);
          ALTER TABLE app.t ADD CONSTRAINT n NOT NULL k NOT VALID; DELETE FROM app.t;`);
        await assert.rejects(
          async () => {
            checkColumns(change, await readTableFacts(session, table));
            await planned(session, change);
          },
          (error: unknown) =>
            /ALTER TABLE app\.t VALIDATE CONSTRAINT n/.test(
              JSON.stringify(error, Object.getOwnPropertyNames(error)),
            ),
        );
      });
    });
});
