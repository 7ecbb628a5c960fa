import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { lintFiles, lintText } from '../../src/journey/lint';
import {
  forgetFolders,
  forgetText,
  keep,
  newLintMemory,
  newRecent,
  recall,
} from '../../src/journey/lint-memory';
import type { JourneyContext } from '../../src/journey/workspace';
import { testContext } from '../support/journey-context';

describe('what lint remembers', () => {
  let root: string;
  let context: JourneyContext;
  let read: string[];

  const file = (number: number, direction: 'up' | 'down' = 'up'): string =>
    path.join(root, 'migrations', `${String(number).padStart(6, '0')}_step.${direction}.sql`);

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-memory-'));
    await mkdir(path.join(root, 'migrations'));
    await writeFile(file(1), 'create table items (id bigint primary key, label varchar(10));');
    await writeFile(file(1, 'down'), 'drop table items;');
    await writeFile(file(2), 'create table more (id int);');
    await writeFile(file(3), 'alter table items alter column label type varchar(20);');
    const plain = testContext(root);
    read = [];
    context = {
      ...plain,
      files: {
        ...plain.files,
        read: (name) => (read.push(name), plain.files.read(name)),
        readIfExists: (name) => (read.push(name), plain.files.readIfExists(name)),
        find: (...words) => (read.push('find'), plain.files.find(...words)),
      },
    };
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('gives the same results as lint without a memory, for every file and both times', async () => {
    const memory = newLintMemory();
    const plain = await lintFiles(context, [root]);
    assert.deepEqual(await lintFiles(context, [root], { memory }), plain);
    const again = await lintFiles(context, [root], { memory });
    assert.deepEqual(again, plain);
    assert.equal(again.files[0], (await lintFiles(context, [root], { memory })).files[0]);
  });

  it('judges a whole history at once as it judges each of its files alone', async () => {
    const steps = [
      [
        'create temporary table passing (id int); create table orders (id int primary key);',
        'drop table orders;',
      ],
      [
        'alter table items add column order_id int references orders;',
        'alter table items drop column order_id;',
      ],
      ['create view seen as select id from items; create index on items (label);', 'drop view seen;'],
      [
        'alter table items rename to things; create table part (id int) partition by list (id);',
        'drop table part;',
      ],
      ['create table part_1 partition of part for values in (1); alter table part add column x text;', ''],
      [
        'create domain short as text check (length(value) < 9); alter table things add column s short;',
        'select 1;',
      ],
      ['drop view seen; alter table things alter column label type text;', 'create view seen as select 1;'],
      [
        'create table if not exists orders (id int); create index on orders (id);',
        'drop index orders_id_idx;',
      ],
    ];
    for (const [index, [up, down]] of steps.entries()) {
      await writeFile(file(index + 4), up!);
      await writeFile(file(index + 4, 'down'), down!);
    }
    const whole = await lintFiles(context, [root]);
    assert.ok(whole.files.length > 16);
    for (const each of whole.files)
      assert.deepEqual((await lintFiles(context, [each.path])).files, [each], each.path);
  });

  it('sees that a migration before the file changed', async () => {
    const memory = newLintMemory();
    const work = async (): Promise<string | undefined> =>
      (await lintFiles(context, [file(3)], { memory })).files[0]?.statements[0]?.work;
    assert.equal(await work(), 'catalog');
    await writeFile(file(1), 'create table items (id bigint primary key, label varchar(40));');
    assert.equal(await work(), 'rewrite');
    await writeFile(file(1), 'create table items (id bigint primary key, label varchar(10));');
    assert.equal(await work(), 'catalog');
  });

  it('sees another version of the server and another severity', async () => {
    const memory = newLintMemory();
    const lint = (serverMajor: number, rules: Record<string, 'off'>): Promise<unknown> => {
      const { workspace } = context;
      const configuration = { ...workspace.configuration, rules };
      return lintText(
        { ...context, workspace: { ...workspace, configuration } },
        file(3),
        'create index i on items (label);',
        { memory, serverMajor },
      );
    };
    const first = await lint(18, {});
    assert.notDeepEqual(await lint(18, { 'index-not-concurrent': 'off' }), first);
    assert.deepEqual(await lint(18, {}), first);
    assert.deepEqual(await lint(12, {}), await lint(12, {}));
  });

  it('reads nothing again while its owner watches the disk, and what it is told to forget', async () => {
    const memory = newLintMemory({ watched: true });
    await lintText(context, file(3), 'select 1;', { memory });
    read.length = 0;
    const edited = await lintText(context, file(3), 'create index i on items (label);', { memory });
    assert.deepEqual(read, []);
    assert.deepEqual(edited.statements[0]!.locks, [{ relation: 'public.items', mode: 'ShareLock' }]);
    await writeFile(file(1), 'select 1;');
    forgetText(memory, file(1));
    await lintText(context, file(3), 'create index i on items (label);', { memory });
    assert.deepEqual(read, [file(1)]);
    await writeFile(file(4), 'select 1;');
    forgetFolders(memory);
    const { files } = await lintFiles(context, [path.join(root, 'migrations')], { memory });
    assert.equal(files.at(-1)!.path, file(4));
    assert.ok(files.at(-1)!.findings.length === 0);
  });

  it('does not change the schema it keeps while it judges', async () => {
    const memory = newLintMemory();
    const drop = 'drop table items;';
    const first = await lintText(context, file(3), drop, { memory });
    const widen = 'alter table items alter column label type varchar(20);';
    const widened = await lintText(context, file(3), widen, { memory });
    assert.equal(widened.statements[0]!.work, 'catalog');
    assert.deepEqual(await lintText(context, file(3), `${drop} `, { memory }), first);
  });

  it('never holds more than it may, and always the value used last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), weight: fc.nat({ max: 6 }) })),
        (uses) => {
          const recent = newRecent<number>(10);
          for (const { key, weight } of uses) {
            keep(recent, key, weight, weight);
            assert.equal(recall(recent, key), weight);
            const weights = [...recent.entries.values()].map((entry) => entry.weight);
            assert.equal(
              weights.reduce((sum, each) => sum + each, 0),
              recent.weight,
            );
            assert.ok(recent.weight <= recent.most);
          }
        },
      ),
    );
  });
});
