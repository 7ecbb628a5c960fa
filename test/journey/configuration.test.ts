import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Ajv from 'ajv';
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
    ['masking of no column', { masking: { 'users.email': 'hash' } }, 'masking.users.email'],
    ['a masking rule that is none', { masking: { 'a.b.c': 'shuffle' } }, 'masking.a.b.c'],
    ['an expression without SQL', { masking: { 'a.b.c': { expression: ' ' } } }, 'masking.a.b.c.expression'],
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

  it('takes the masking rules that docs/row-copies.md shows, and so does its schema', async () => {
    const project = path.resolve(__dirname, '../..');
    const page = await readFile(path.join(project, 'docs/row-copies.md'), 'utf8');
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!) as Pick<Configuration, 'masking'>;
    assert.deepEqual((await read(shown)).masking, shown.masking);
    const schema = await readFile(path.join(project, 'schemas/config.schema.json'), 'utf8');
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(schema) as object,
    );
    assert.ok(validate(shown), JSON.stringify(validate.errors));
    assert.ok(!validate({ masking: { 'public.users.email': 'shuffle' } }));
  });

  it('is left aside in a workspace that is not trusted', async () => {
    const { approvalRoles, masking } = await read(
      { approvalRoles: ['Anybody'], masking: { 'a.b.c': 'keep' } },
      false,
    );
    assert.deepEqual(masking, {});
    assert.deepEqual(approvalRoles, ['Tech lead', 'Product owner', 'Stakeholders']);
  });
});
