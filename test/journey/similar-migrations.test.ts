import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SingleChange } from '../../src/assess/change';
import { migrationFolders } from '../../src/journey/migrations';
import { similarMigrations, type SimilarMigrations } from '../../src/journey/similar-migrations';
import type { JourneyContext } from '../../src/journey/workspace';
import { testContext } from '../support/journey-context';

const table = { schema: 'public', name: 'orders' };
const setNotNull: SingleChange = { kind: 'set-not-null', table, column: 'note', value: null };
const addIndex: SingleChange = {
  kind: 'add-index',
  table,
  columns: ['note'],
  expression: null,
  name: null,
  unique: false,
  method: 'btree',
  where: null,
  include: [],
};
const dropIndex: SingleChange = { kind: 'drop-index', table, index: 'orders_note' };

const ups = [
  'create table orders (id int primary key, note text);\ncreate table customers (id int, name text);\n' +
    'alter table orders alter column id set not null;',
  '-- why\n\nalter table customers alter name set not null;',
  'create index concurrently if not exists orders_note on orders using btree (note text_pattern_ops desc);',
  'alter table orders\n  alter note set not null,\n  add column more int;',
  'alter table customers alter id set not null;',
  'drop index if exists orders_note;',
];

async function similar(context: JourneyContext, change: SingleChange): Promise<SimilarMigrations> {
  return similarMigrations(context, await migrationFolders(context), change);
}

describe('migrations that made the same kind of change', () => {
  const folders: string[] = [];
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  async function workspace(files: Record<string, string>): Promise<string> {
    const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-similar-'));
    folders.push(root);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    return root;
  }

  const history = (): Record<string, string> =>
    Object.fromEntries(
      ups.flatMap((up, index) => [
        [`migrations/00000${index + 1}_step.up.sql`, up],
        [`migrations/00000${index + 1}_step.down.sql`, 'select 1;'],
      ]),
    );

  function commit(root: string, author: string, date: string, ...files: string[]): void {
    const git = (...args: string[]): void =>
      void execFileSync('git', args, {
        cwd: root,
        env: {
          ...process.env,
          GIT_AUTHOR_NAME: author,
          GIT_AUTHOR_EMAIL: 'somebody@example.org',
          GIT_COMMITTER_NAME: 'Committer',
          GIT_COMMITTER_EMAIL: 'somebody@example.org',
          GIT_AUTHOR_DATE: date,
          GIT_COMMITTER_DATE: date,
        },
      });
    git('init', '--quiet');
    git('add', ...files);
    git('commit', '--quiet', '--message', 'One');
  }

  it('are those of the same table first, newer ones before older ones, with author and date', async () => {
    const root = await workspace(history());
    commit(root, 'Ada Lovelace', '2024-05-06T07:08:09+02:00', 'migrations/000002_step.up.sql');
    commit(root, 'Grace Hopper', '2025-01-02T03:04:05+00:00', 'migrations/000004_step.up.sql');
    const { past, note } = await similar(testContext(root), setNotNull);
    assert.deepEqual(
      past.map(({ path: file, line, sameTable, author, committedAt }) => [
        file,
        line,
        sameTable,
        author,
        committedAt?.slice(0, 10) ?? null,
      ]),
      [
        ['migrations/000004_step.up.sql', 1, true, 'Grace Hopper', '2025-01-02'],
        ['migrations/000005_step.up.sql', 1, false, null, null],
        ['migrations/000002_step.up.sql', 3, false, 'Ada Lovelace', '2024-05-06'],
      ],
    );
    assert.match(past[0]!.statement, /^alter table orders\s+alter note set not null/);
    assert.equal(note, null);
  });

  it('are found whether or not they were made safely, and of an index by the table it was on', async () => {
    const context = testContext(await workspace(history()));
    const found = async (change: SingleChange): Promise<unknown[]> =>
      (await similar(context, change)).past.map(({ path: file, sameTable, author }) => [
        file,
        sameTable,
        author,
      ]);
    assert.deepEqual(await found(addIndex), [['migrations/000003_step.up.sql', true, null]]);
    assert.deepEqual(await found(dropIndex), [['migrations/000006_step.up.sql', true, null]]);
  });

  it('have no author where nobody trusts the workspace', async () => {
    const root = await workspace(history());
    commit(root, 'Ada Lovelace', '2024-05-06T07:08:09+02:00', '.');
    const { past } = await similar(testContext(root, { trusted: false }), setNotNull);
    assert.deepEqual(new Set(past.map(({ author }) => author)), new Set([null]));
  });

  it('are at most ten, and none where there are no migrations', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [
        `migrations/${String(index + 1).padStart(6, '0')}_step.up.sql`,
        `alter table t${index} alter c set not null;`,
      ]),
    );
    const { past } = await similar(testContext(await workspace(many)), setNotNull);
    assert.equal(past.length, 10);
    assert.equal(past[0]!.path, 'migrations/000014_step.up.sql');
    const nothing = await similar(testContext(await workspace({ 'readme.md': '' })), setNotNull);
    assert.deepEqual(nothing, { past: [], note: null });
  });

  it('stops when it is told to', async () => {
    const context = testContext(await workspace(history()));
    await assert.rejects(
      migrationFolders(context).then((folders) =>
        similarMigrations({ ...context, signal: AbortSignal.abort() }, folders, setNotNull),
      ),
      (error: Error) => error.name === 'AbortError' || error.name === 'SwitchbackError',
    );
  });

  it('are found in a long history of a real project', async function () {
    const corpus = path.resolve(__dirname, '..', '..', '..', 'shared', 'corpora', 'coder');
    if (!existsSync(corpus)) {
      console.log(`      not run: ${corpus} is not there`);
      return this.skip();
    }
    this.timeout(60_000);
    const root = path.dirname(corpus);
    const context = testContext(root, { configuration: { migrations: ['coder'] } });
    const wish: SingleChange = { ...addIndex, table: { schema: 'public', name: 'users' } };
    const { past } = await similar(context, wish);
    assert.equal(past.length, 10);
    assert.ok(past[0]!.sameTable);
    for (const { path: file, statement } of past) {
      assert.match(file, /^coder\/\d{6}_.*\.up\.sql$/);
      assert.match(statement, /create\s+(unique\s+)?index/i);
    }
  });
});
