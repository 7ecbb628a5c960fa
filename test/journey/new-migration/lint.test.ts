import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { lintFiles, lintText } from '../../../src/journey/lint';
import { newMigration } from '../../../src/journey/new-migration';
import { testContext } from '../../support/journey-context';
import { changes } from './changes';
import { answersFor, withFolder } from './fixture';

/** What one pair cannot do safely: its notes point to a plan, and so do the findings. */
const needsPhases = /a column dropped|column renamed|a type changed/;

describe('new migrations under lint', function () {
  this.timeout(20_000);

  it('have no finding but where the change takes phases', () =>
    withFolder(async (root) => {
      const context = testContext(root);
      for (const [name, change] of Object.entries(changes)) {
        const written = await newMigration(context, null, answersFor(root, 'sql', change, name));
        const { files } = await lintFiles(context, written);
        const grave = files.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'info'));
        const rules = grave.map((finding) => finding.rule);
        if (!needsPhases.test(name)) assert.deepEqual(rules, [], name);
        else {
          assert.notDeepEqual(rules, [], name);
          assert.match(
            await readFile(written[0]!, 'utf8'),
            /Plan\s+(?:-- )?a\s+(?:-- )?Change…|Point of no return/,
          );
        }
      }
    }));

  it('are told when a block that commits loses its marker', () =>
    withFolder(async (root) => {
      const context = testContext(root);
      const change = changes['a backfill']!;
      const [file] = await newMigration(context, null, answersFor(root, 'sql', change));
      const text = await readFile(file!, 'utf8');
      const rules = async (edited: string): Promise<string[]> =>
        (await lintText(context, file!, edited)).findings.map((finding) => finding.rule);
      assert.deepEqual(await rules(text), []);
      assert.ok((await rules(text.replace(/^.*no-transaction\n/, ''))).includes('concurrent-in-transaction'));
      assert.equal(path.basename(file!), '001_a_new_migration.sql');
    }));
});
