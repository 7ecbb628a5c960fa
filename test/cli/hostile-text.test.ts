import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { switchback, switchbackIn } from './support';

const escape = '\u001b';
const hostile = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe('hostile characters in files', function () {
  this.timeout(60_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-hostile-'));
    await mkdir(path.join(folder, 'db'));
    const name = `${escape}[2J\u202eevil\u009b31m`;
    await writeFile(
      path.join(folder, 'db', 'a.sql'),
      `alter table "${name}" add column "${name}" int not null; create index on "${name}" (a);\n` +
        `/* ${escape}[8m */ alter role app password 'S3cret'; lock table t;\ndrop table "${escape}[31mnothing found" cascade;`,
    );
    await writeFile(
      path.join(folder, 'db', `b\n1 statement in 1 file: nothing found.\n::error::${escape}[1A%0A,x.sql`),
      'create index on t (a);\n',
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const format of ['text', 'json', 'sarif', 'github', 'gitlab']) {
    it(`reach the terminal spelled out: ${format}`, async () => {
      const answer = await switchback(folder, {}, 'lint', 'db', '--all', '--format', format);
      assert.equal(answer.exitCode, 1, answer.told.join('\n'));
      assert.doesNotMatch(answer.out + answer.told.join('\n'), hostile);
      assert.match(answer.out, /\\u202e/);
      if (format === 'text') assert.doesNotMatch(answer.out, /S3cret/);
      if (format === 'text') assert.doesNotMatch(answer.out, /^1 statement in 1 file/m);
      if (format === 'github') assert.doesNotMatch(answer.out, /^::error::/m);
    });
  }

  it('cannot hide in the colours either', async () => {
    const answer = await switchbackIn(
      folder,
      { terminal: { columns: 100, colours: true } },
      'lint',
      'db/a.sql',
    );
    assert.match(answer.out, /\u001b\[31merror/);
    assert.doesNotMatch(answer.out, /\u001b\[(?:31mnothing|8m|2J)/);
  });

  it('are the same in JSON once it is read', async () => {
    const answer = await switchback(folder, {}, 'lint', 'db/a.sql', '--format', 'json');
    assert.match(JSON.stringify(answer.json()), /\u202e/);
  });
});
