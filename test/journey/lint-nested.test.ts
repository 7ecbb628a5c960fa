import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lintFiles } from '../../src/journey/lint';
import { testContext } from '../support/journey-context';

const deep = 60_000;
const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`;
const ruby = (name: string, sql: string): string =>
  `class ${name} < ActiveRecord::Migration[7.0]\n  def up\n    execute ${sql}\n  end\nend\n`;
const python = (id: string, parent: string, sql: string): string =>
  `from alembic import op\nrevision = '${id}'\ndown_revision = ${parent}\ndef upgrade():\n    op.execute(${sql})\n`;
const program = (sql: string): string => `exports.up = (knex) => knex.raw(${sql});\n`;
const fine = "'create table a (id int)'";

/** The second file of each folder can be read, the first cannot. */
const folders: [string, Record<string, string>][] = [
  [
    'db/migrate',
    { '20240101000000_one.rb': ruby('One', nested), '20240102000000_two.rb': ruby('Two', fine) },
  ],
  [
    'db/migrate',
    { '20240101000000_one.rb': ruby('One', '['.repeat(deep)), '20240102000000_two.rb': ruby('Two', fine) },
  ],
  ['migrations', { '20240101000000_one.js': program(nested), '20240102000000_two.js': program(fine) }],
  [
    'migrations',
    {
      '20240101000000_one.ts': program(`'a'${" + 'b'".repeat(deep)}`),
      '20240102000000_two.ts': program(fine),
    },
  ],
  [
    'alembic/versions',
    {
      'a1_one.py': python('a1', 'None', `${'('.repeat(deep / 3)}'x'${')'.repeat(deep / 3)}`),
      'b2_two.py': python('b2', "'a1'", fine),
    },
  ],
  [
    'migrations',
    {
      '1_one.up.sql': `select ${'('.repeat(deep)}1${')'.repeat(deep)};`,
      '2_two.up.sql': 'create table a (id int);',
    },
  ],
  [
    'migrations',
    { '1_one.up.sql': `select ${'1 + '.repeat(deep)}1;`, '2_two.up.sql': 'create table a (id int);' },
  ],
];

describe('linting what is nested deeply', function () {
  this.timeout(60_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-nested-'));
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  for (const [folder, texts] of folders) {
    const [first, second] = Object.keys(texts);
    it(`says so of ${first}, and goes on with the others (${texts[first!]!.length} characters)`, async () => {
      await mkdir(path.join(root, folder), { recursive: true });
      for (const [name, text] of Object.entries(texts)) await writeFile(path.join(root, folder, name), text);
      const { files } = await lintFiles(testContext(root), [root]);
      assert.deepEqual(
        files.map((file) => path.basename(file.path)),
        [first, second],
      );
      const [unread, read] = files;
      assert.equal(unread!.statements.length, 0);
      const rules = unread!.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
      assert.deepEqual(rules, [first!.endsWith('.sql') ? 'syntax-error' : 'not-analysed']);
      if (!first!.endsWith('.sql')) assert.match(unread!.findings[0]!.message, /nested so deeply/);
      assert.equal(read!.statements.length, 1);
    });
  }
});
