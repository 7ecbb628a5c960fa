import assert from 'node:assert/strict';
import path from 'node:path';
import { lintFiles } from '../../src/journey/lint';
import { readConfiguration, type Configuration } from '../../src/journey/configuration';
import { levelsOf, unknownRules } from '../../src/journey/rule-levels';
import { isSwitchbackError } from '../../src/messages/error';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w');
const at = (file: string): string => path.join(root, ...file.split('/'));

function read(
  value: unknown,
  { trusted = true, settings = {} }: { trusted?: boolean; settings?: Partial<Configuration> } = {},
): Promise<Configuration> {
  const files = memoryFiles({ '/w/.switchback/config.json': JSON.stringify(value) });
  return readConfiguration(root, files, trusted, settings);
}

const team = {
  rules: { 'drop-column': 'error', 'drop-table': 'info' },
  directories: {
    db: { rules: { 'drop-column': 'info' } },
    './db/legacy/': { rules: { 'drop-column': 'off' } },
  },
};

describe('levels of rules', function () {
  this.timeout(60_000);

  it('are those of the deepest directory, then of the workspace', async () => {
    const configuration = await read(team);
    const levels = (file: string): unknown[] => {
      const found = levelsOf(configuration, root, at(file));
      return [found['drop-column'], found['drop-table'], found['rename-column']];
    };
    assert.deepEqual(levels('other/1.sql'), ['error', 'info', undefined]);
    assert.deepEqual(levels('db/1.sql'), ['info', 'info', undefined]);
    assert.deepEqual(levels('db/legacy/deep/1.sql'), ['off', 'info', undefined]);
    assert.deepEqual(levels('db/legacy-too/1.sql'), ['info', 'info', undefined]);
    assert.deepEqual(levels('database/1.sql'), ['error', 'info', undefined]);
  });

  it('of a setting win over those of the file, rule by rule, in every directory', async () => {
    const configuration = await read(team, { settings: { rules: { 'drop-column': 'warning' } } });
    for (const file of ['1.sql', 'db/1.sql', 'db/legacy/1.sql']) {
      const levels = levelsOf(configuration, root, at(file));
      assert.deepEqual([levels['drop-column'], levels['drop-table']], ['warning', 'info']);
    }
  });

  it('are all that is read from the file in a workspace that is not trusted', async () => {
    const configuration = await read({ ...team, plansFolder: 'elsewhere' }, { trusted: false });
    assert.equal(configuration.plansFolder, 'plans');
    assert.equal(levelsOf(configuration, root, at('db/legacy/1.sql'))['drop-column'], 'off');
    assert.equal(levelsOf(configuration, root, at('1.sql'))['drop-column'], 'error');
  });

  it('are refused outside the workspace, and where they are none', async () => {
    for (const directories of [
      { '../other': { rules: {} } },
      { db: { rules: { 'drop-column': 'loud' } } },
      { db: { rulez: {} } },
    ]) {
      await assert.rejects(
        read({ directories }),
        (error) => isSwitchbackError(error, 'invalid-file') && error.sentence.includes('directories'),
      );
    }
  });

  it('name the rules that do not exist, each once', async () => {
    const configuration = await read({
      rules: { 'drop-colum': 'off', 'no-down': 'off' },
      directories: { db: { rules: { 'drop-colum': 'off', qqqqqqqqq: 'off' } } },
    });
    const sentences = unknownRules(configuration);
    assert.equal(sentences.length, 2);
    assert.match(sentences[0]!, /drop-colum, which does not exist\. Did you mean drop-column\?/);
    assert.match(sentences[1]!, /qqqqqqqqq/);
    assert.deepEqual(unknownRules(await read(team)), []);
  });

  it('are the same for the editor and the command line', async () => {
    const files = memoryFiles({
      '/w/.switchback/config.json': JSON.stringify(team),
      '/w/db/migrations/000001_a.up.sql': 'create table items (id int primary key, note text, code text);',
      '/w/db/migrations/000001_a.down.sql': 'drop table items;',
      '/w/db/migrations/000002_b.up.sql': 'alter table items drop column note;',
      '/w/db/migrations/000002_b.down.sql': 'alter table items add column note text;',
    });
    const levelIn = async (
      trusted: boolean,
      settings: Partial<Configuration>,
    ): Promise<string | undefined> => {
      const configuration = await readConfiguration(root, files, trusted, settings);
      const context = { ...testContext(root, { configuration, trusted }), files };
      const { files: linted } = await lintFiles(context, [at('db/migrations/000002_b.up.sql')]);
      return linted[0]!.findings.find((finding) => finding.rule === 'drop-column')?.severity;
    };
    // The command line has no settings and trusts the folder it is started in; the editor may not.
    assert.equal(await levelIn(true, {}), 'info');
    assert.equal(await levelIn(false, {}), 'info');
    assert.equal(await levelIn(false, { rules: undefined }), 'info');
    assert.equal(await levelIn(true, { rules: { 'drop-column': 'error' } }), 'error');
  });
});
