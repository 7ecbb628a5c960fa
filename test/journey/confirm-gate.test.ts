import assert from 'node:assert/strict';
import { installSchema } from '../../src/database/switchback-schema';
import { waiveGate } from '../../src/journey/confirm';
import { openDatabase, type Database } from '../../src/journey/database';
import { isSwitchbackError } from '../../src/messages/error';
import { testContext } from '../support/journey-context';
import { testServer, type TestDatabase } from '../support/servers';

describe('recording a gate when the question is answered with no', () => {
  let created: TestDatabase;
  let database: Database;
  const waive = (): Promise<unknown> =>
    waiveGate(testContext('/nowhere', { answer: false }), database, '/nowhere/plan', 'backup', 'a reason');

  beforeEach(async () => {
    created = await (await testServer({ major: 18 })).createDatabase();
    const connection = { ...created.connection, environment: 'production' as const };
    database = await openDatabase(connection, async () => created.password);
  });

  afterEach(async () => {
    await database?.close();
    await created?.drop();
  });

  it('keeps nothing without consent to the schema', async () => {
    await assert.rejects(waive(), (error) => isSwitchbackError(error, 'no-consent'));
  });

  it('keeps nothing on production when the database is not named', async () => {
    await installSchema(database.session);
    await assert.rejects(waive(), (error) => isSwitchbackError(error, 'confirmation-needed'));
  });
});
