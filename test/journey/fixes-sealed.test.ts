import assert from 'node:assert/strict';
import path from 'node:path';
import { lintFiles, lintText } from '../../src/journey/lint';
import { newLintMemory } from '../../src/journey/lint-memory';
import { atlasSum } from '../../src/layouts/atlas-sum';
import { drizzle } from '../../src/layouts/drizzle';
import type { Layout } from '../../src/layouts/layout';
import { sqitch } from '../../src/layouts/sqitch';
import type { Files } from '../../src/ports/files';
import type { Fix } from '../../src/safety/finding';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/workspace');
const at = (file: string): string => path.join(root, ...file.split('/'));
const inWorkspace = (texts: Record<string, string>): Files =>
  memoryFiles(Object.fromEntries(Object.entries(texts).map(([name, text]) => [at(name), text])));

const tables = 'create table people (id int primary key);\ncreate table orders (id int, person int);\n';
const key = 'alter table orders add constraint orders_person foreign key (person) references people (id);\n';
const entry = (idx: number, tag: string): string =>
  `{ "idx": ${idx}, "version": "7", "when": ${1700000000000 + idx}, "tag": "${tag}", "breakpoints": true }`;
const journal = (...tags: string[]): string =>
  `{\n  "version": "7",\n  "dialect": "postgresql",\n  "entries": [${tags.map((tag, index) => entry(index, tag)).join(', ')}]\n}\n`;

/** Does what the editor does with a fix. */
async function apply(fix: Fix, files: Files): Promise<void> {
  for (const { path: file, text } of fix.creates) {
    assert.equal(await files.exists(file), false, file);
    await files.write(file, text);
  }
  const edits = [...fix.edits].sort((a, b) => b.start.offset - a.start.offset);
  for (const { path: file, start, end, newText } of edits) {
    const text = await files.read(file);
    await files.write(file, text.slice(0, start.offset) + newText + text.slice(end.offset));
  }
}

/** The migrations of a folder, with what is wrong with them. */
async function listed(layout: Layout, folder: string, files: Files): Promise<[string, string[]][]> {
  const list = await layout.list(at(folder), files);
  return list.map(({ upPath, problems }) => [path.basename(upPath), problems ?? []]);
}

async function fixesOf(files: Files, name: string): Promise<Fix[]> {
  const { files: linted } = await lintFiles({ ...testContext(root), files }, [at(name)]);
  const fixes = linted.flatMap(({ findings }) => findings).flatMap(({ fix }) => fix ?? []);
  return fixes.filter(({ creates }) => creates.length > 0);
}

describe('fixes with new migrations that a file of the tool names', () => {
  it('Drizzle: enters them in the journal, and takes one that changed since for what it is', async () => {
    const files = inWorkspace({
      'drizzle/meta/_journal.json': journal('0000_tables', '0001_key'),
      'drizzle/0000_tables.sql': tables,
      'drizzle/0001_key.sql': key,
    });
    const [fix] = await fixesOf(files, 'drizzle/0001_key.sql');
    assert.ok(fix);
    assert.deepEqual(
      fix.edits.map(({ path: file }) => file),
      [at('drizzle/0001_key.sql'), at('drizzle/meta/_journal.json')],
    );
    assert.ok(fix.creates.every((created) => Object.keys(created).sort().join() === 'path,text'));
    await apply(fix, files);
    assert.match(await files.read(at('drizzle/0001_key.sql')), /not valid/i);
    const list = await listed(drizzle, 'drizzle', files);
    assert.deepEqual(list.slice(0, 2), [
      ['0000_tables.sql', []],
      ['0001_key.sql', []],
    ]);
    const [name, problems] = list[2]!;
    assert.match(name, /^0002_/);
    assert.deepEqual([list.length, problems], [3, []]);
    assert.match(await files.read(at(`drizzle/${name}`)), /validate constraint orders_person/i);
  });

  it('goes by the journal as it is when it is asked, not as it was when the file was judged', async () => {
    const files = inWorkspace({
      'drizzle/meta/_journal.json': journal('0000_tables', '0001_key'),
      'drizzle/0000_tables.sql': tables,
      'drizzle/0001_key.sql': key,
    });
    const memory = newLintMemory();
    const ask = async (): Promise<Fix> => {
      const context = { ...testContext(root), files };
      const { findings } = await lintText(context, at('drizzle/0001_key.sql'), key, { memory });
      return findings.flatMap(({ fix }) => (fix && fix.creates.length > 0 ? fix : []))[0]!;
    };
    await ask();
    await files.write(
      at('drizzle/meta/_journal.json'),
      journal('0000_tables', '0001_key').replace('{\n', '{\n  "note": "formatted anew",\n'),
    );
    await apply(await ask(), files);
    assert.match(await files.read(at('drizzle/meta/_journal.json')), /formatted anew/);
    assert.equal((await listed(drizzle, 'drizzle', files)).length, 3);
  });

  it('Sqitch: plans them', async () => {
    const files = inWorkspace({
      'sqitch.conf': '[core]\n\tengine = pg\n[user]\n\tname = Someone\n\temail = someone@example.org\n',
      'sqitch.plan':
        '%syntax-version=1.0.0\n%project=shop\n\ntables 2024-01-01T00:00:00Z Someone <someone@example.org> # tables\nkey 2024-01-02T00:00:00Z Someone <someone@example.org> # key\n',
      'deploy/tables.sql': `BEGIN;\n${tables}COMMIT;\n`,
      'deploy/key.sql': `BEGIN;\n${key}COMMIT;\n`,
      'revert/key.sql': 'BEGIN;\nalter table orders drop constraint orders_person;\nCOMMIT;\n',
    });
    const [fix] = await fixesOf(files, 'deploy/key.sql');
    assert.ok(fix);
    await apply(fix, files);
    const list = await listed(sqitch, '', files);
    assert.deepEqual([list.length, list[2]![1]], [3, []]);
    const name = list[2]![0];
    assert.match(await files.read(at('sqitch.plan')), new RegExp(`^${path.basename(name, '.sql')} `, 'm'));
    assert.match(await files.read(at(`deploy/${name}`)), /^-- Deploy shop:.*\n[^]*validate constraint/i);
    assert.ok(await files.exists(at(`verify/${name}`)));
  });

  it('are not there where the edit itself breaks what the tool sealed: Atlas', async () => {
    const texts = { '1_tables.sql': tables, '2_key.sql': key };
    const sum = atlasSum(Object.entries(texts).map(([name, text]) => ({ name, text })));
    const files = inWorkspace({
      'migrations/1_tables.sql': tables,
      'migrations/2_key.sql': key,
      'migrations/atlas.sum': sum,
    });
    const { files: linted } = await lintFiles({ ...testContext(root), files }, [at('migrations/2_key.sql')]);
    const findings = linted.flatMap((file) => file.findings);
    const found = findings.filter(({ rule }) => rule === 'constraint-not-valid');
    assert.deepEqual(
      found.map(({ fix }) => fix),
      [null],
    );
  });
});
