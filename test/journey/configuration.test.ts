import assert from 'node:assert/strict';
import path from 'node:path';
import { defaultThresholds } from '../../src/documents/thresholds';
import { readConfiguration, type Configuration } from '../../src/journey/configuration';
import { isSwitchbackError } from '../../src/messages/error';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w');

function read(value: unknown, trusted = true): Promise<Configuration> {
  const files = memoryFiles({ '/w/.switchback/config.json': JSON.stringify(value) });
  return readConfiguration(root, files, trusted);
}

describe('the workspace’s configuration of documents', () => {
  it('has three roles and five thresholds when nothing is said', async () => {
    const { approvalRoles, thresholds } = await read({});
    assert.deepEqual(approvalRoles, ['Tech lead', 'Product owner', 'Stakeholders']);
    assert.deepEqual(thresholds, defaultThresholds);
  });

  it('takes what is said and keeps the defaults of the rest', async () => {
    const { approvalRoles, thresholds } = await read({
      approvalRoles: ['Data protection officer'],
      thresholds: { errorRatePercent: { hold: 0.5, goBack: 2 } },
    });
    assert.deepEqual(approvalRoles, ['Data protection officer']);
    assert.deepEqual(thresholds, { ...defaultThresholds, errorRatePercent: { hold: 0.5, goBack: 2 } });
  });

  for (const [name, value, place] of [
    [
      'a threshold that goes back before it holds',
      { thresholds: { complaints: { hold: 5, goBack: 1 } } },
      'thresholds.complaints',
    ],
    [
      'a threshold below zero',
      { thresholds: { complaints: { hold: -1, goBack: 1 } } },
      'thresholds.complaints.hold',
    ],
    ['a signal that is none', { thresholds: { weather: { hold: 1, goBack: 2 } } }, 'thresholds.weather'],
    ['no role at all', { approvalRoles: [] }, 'approvalRoles'],
    ['a role without a name', { approvalRoles: [' '] }, 'approvalRoles.0'],
    ['a history table without a name', { historyTables: { db: 'a.b.c' } }, 'historyTables.db'],
  ] as const) {
    it(`refuses ${name}, and says where`, async () => {
      await assert.rejects(
        read(value),
        (error) => isSwitchbackError(error, 'invalid-file') && error.sentence.includes(`${place} is wrong`),
      );
    });
  }

  it('knows the folder of a history table however it is written', async () => {
    const { historyTables } = await read({ historyTables: { './db/migrations/': 'a', '.': '"B".c' } });
    assert.deepEqual(historyTables, { 'db/migrations': 'a', '.': '"B".c' });
  });

  it('is left aside in a workspace that is not trusted', async () => {
    const { approvalRoles } = await read({ approvalRoles: ['Anybody'] }, false);
    assert.deepEqual(approvalRoles, ['Tech lead', 'Product owner', 'Stakeholders']);
  });
});
