import assert from 'node:assert/strict';
import path from 'node:path';
import { lintFiles } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w');
const rules = ['broken-layout', 'duplicate-version', 'no-down', 'empty-down'];

/** The findings on whole files, as `file rule`. */
async function found(files: Record<string, string>, beside: Record<string, string> = {}): Promise<string[]> {
  const inside = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`/w/migrations/${name}`, text]),
  );
  const context = { ...testContext(root), files: memoryFiles({ ...inside, ...beside }) };
  const { files: linted } = await lintFiles(context, [root]);
  return linted.flatMap((file) =>
    file.findings
      .filter((finding) => rules.includes(finding.rule))
      .map((finding) => {
        assert.equal(finding.statement, null);
        assert.equal(finding.start.offset, 0);
        return `${path.basename(file.path)} ${finding.rule}`;
      }),
  );
}

const table = 'create table items (id int primary key);';
const pair = { '000001_a.up.sql': table, '000001_a.down.sql': 'drop table items;' };

describe('findings on a file as a whole', function () {
  this.timeout(60_000);

  it('are none for migrations with a way back', async () => {
    assert.deepEqual(await found(pair), []);
  });

  it('name a second file of one version', async () => {
    assert.deepEqual(await found({ ...pair, '000001_b.up.sql': 'select 1;' }), [
      '000001_a.up.sql duplicate-version',
    ]);
  });

  it('tell what a tool stumbles over from a second file of a version', async () => {
    const files = {
      'V1__a.sql': table,
      'V1__b.sql': 'select 1;',
      'V1.2__c.sql': 'select 1;',
    };
    const crate = { '/w/Cargo.toml': '[dependencies]\nrefinery = "0.8"\n' };
    assert.deepEqual(await found(files, crate), ['V1__a.sql broken-layout', 'V1__a.sql duplicate-version']);
  });

  it('name a migration without a way back where others have one', async () => {
    const more = 'create table more (id int primary key);';
    assert.deepEqual(await found({ ...pair, '000002_b.up.sql': more }), ['000002_b.up.sql no-down']);
    assert.deepEqual(
      await found({ ...pair, '000002_b.up.sql': `-- switchback:irreversible it is only data\n${more}` }),
      [],
    );
    assert.deepEqual(await found({ ...pair, '000002_b.up.sql': '-- nothing yet\n' }), []);
    assert.deepEqual(await found({ '001_a.sql': table, '002_b.sql': more }), []);
  });

  for (const down of ['', '-- nothing\n', '/* nothing */ ;', 'select 1;', 'SELECT NULL']) {
    it(`name a way back that does nothing: ${JSON.stringify(down)}`, async () => {
      assert.deepEqual(await found({ ...pair, '000001_a.down.sql': down }), ['000001_a.down.sql empty-down']);
    });
  }

  it('let an empty way back be where there is nothing to take back, or somebody says why', async () => {
    const fill = {
      '000002_b.up.sql': 'update items set id = id + 1 where id < 10;',
      '000002_b.down.sql': '-- none\n',
    };
    assert.deepEqual(await found({ ...pair, ...fill }), []);
    const said = '-- switchback:irreversible the rows are gone\n';
    assert.deepEqual(await found({ ...pair, '000001_a.down.sql': said }), []);
  });
});
