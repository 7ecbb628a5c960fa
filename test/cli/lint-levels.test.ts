import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { switchback } from './support';

describe('switchback lint with levels of rules', function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-levels-'));
    for (const [name, text] of Object.entries({
      'db/legacy/000001_a.up.sql': 'create table a (id bigint primary key, note text);',
      'db/legacy/000001_a.down.sql': "set lock_timeout = '500ms'; drop table a;",
      'db/legacy/000002_b.up.sql': "set lock_timeout = '500ms'; alter table a drop column note;",
      'db/legacy/000002_b.down.sql': "set lock_timeout = '500ms'; alter table a add column note text;",
    })) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    await mkdir(path.join(folder, '.switchback'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const lint = (): ReturnType<typeof switchback> => switchback(folder, {}, 'lint', 'db', '--format', 'json');
  const configure = (value: unknown): Promise<void> =>
    writeFile(path.join(folder, '.switchback', 'config.json'), JSON.stringify(value));
  const rules = async (): Promise<string[]> => {
    const { files } = (await lint()).json<{ files: { findings: { rule: string }[] }[] }>();
    return files.flatMap((file) => file.findings.map((finding) => finding.rule));
  };

  it('takes them from the directory a file lies in', async () => {
    assert.deepEqual(await rules(), ['drop-column']);
    await configure({ directories: { 'db/legacy': { rules: { 'drop-column': 'off' } } } });
    // The next rule in line says that nothing records the drop.
    assert.deepEqual(await rules(), ['dropping-without-deprecation']);
    await configure({ directories: { 'db/legacy': { rules: { 'drop-column': 'error' } } } });
    assert.equal((await lint()).exitCode, 1);
  });

  it('names a rule that does not exist on standard error, and goes on', async () => {
    await configure({ rules: { 'drop-colum': 'off' } });
    const answer = await lint();
    assert.equal(answer.exitCode, 0);
    assert.match(
      answer.told.join('\n'),
      /names a rule drop-colum, which does not exist\. Did you mean drop-column\?/,
    );
    assert.deepEqual(await rules(), ['drop-column']);
  });
});
