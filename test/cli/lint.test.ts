import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { newLintMemory } from '../../src/journey/lint-memory';
import { rules } from '../../src/safety/rules/index';
import { openTerminal } from './terminal';
import { switchback, switchbackIn } from './support';

const schemaFile = path.resolve(__dirname, '../../schemas/lint.schema.json');

interface Linted {
  files: {
    path: string;
    statements: Record<string, unknown>[];
    findings: {
      rule: string;
      statement: number | null;
      fix: { edits: { path: string }[]; creates: { path: string }[] } | null;
    }[];
  }[];
}

describe('switchback lint', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-lint-cli-'));
    await mkdir(path.join(folder, 'migrations'));
    const files = {
      'migrations/000001_orders.up.sql': 'create table orders (id bigint primary key, customer_id bigint);\n',
      'migrations/000001_orders.down.sql': 'drop table orders;\n',
      'migrations/000002_index.up.sql':
        '-- Büro 🚂\nalter table orders add column note text;\n/* 🚂 */ create index orders_customer\n  on orders (customer_id);\n',
      'migrations/000002_index.down.sql':
        'drop index orders_customer;\nalter table orders drop column note;\n',
      'broken.sql': 'selec 1;\n\\d orders\nselect 1;\n',
      'fine.sql': 'select 1;\n',
      'empty/readme.txt': 'nothing',
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('answers with the JSON of its schema, offsets nowhere, whatever it is given', async () => {
    const validate = new Ajv({ allErrors: true }).compile(
      JSON.parse(await readFile(schemaFile, 'utf8')) as object,
    );
    const answer = await switchback(folder, {}, 'lint', '--format', 'json');
    const linted = answer.json<Linted>();
    assert.ok(validate(linted), JSON.stringify(validate.errors));
    assert.ok(!answer.out.includes('"offset"'));
    assert.equal(answer.exitCode, 1);
    assert.deepEqual(
      linted.files.map((file) => file.path),
      [
        'broken.sql',
        'fine.sql',
        'migrations/000001_orders.down.sql',
        'migrations/000001_orders.up.sql',
        'migrations/000002_index.down.sql',
        'migrations/000002_index.up.sql',
      ],
    );
    const broken = linted.files[0]!;
    assert.deepEqual([broken.findings[0]!.rule, broken.findings[0]!.statement], ['syntax-error', null]);
    assert.equal(broken.statements.length, 1);
    const fix = linted.files
      .at(-1)!
      .findings.find((finding) => finding.rule === 'index-not-concurrent')!.fix!;
    assert.deepEqual([...new Set(fix.edits.map((edit) => edit.path))].sort(), [
      'migrations/000002_index.down.sql',
      'migrations/000002_index.up.sql',
    ]);
    assert.ok(fix.creates.every((file) => file.path.startsWith('migrations/000003_')));
  });

  it('refuses, in its schema, what is missing or too much', async () => {
    const validate = new Ajv().compile(JSON.parse(await readFile(schemaFile, 'utf8')) as object);
    const linted = (await switchback(folder, {}, 'lint', 'migrations', '--format', 'json')).json<Linted>();
    const statement = linted.files[0]!.statements[0]!;
    for (const name of Object.keys(statement)) {
      const kept = statement[name];
      delete statement[name];
      assert.ok(!validate(linted), name);
      statement[name] = kept;
    }
    assert.ok(validate(linted));
    statement.more = 1;
    assert.ok(!validate(linted));
  });

  it('says where each statement begins and ends in UTF-16 units, the end exclusive', async () => {
    const { files } = (
      await switchback(folder, {}, 'lint', 'migrations/000002_index.up.sql', '--format', 'json')
    ).json<Linted>();
    const places = files[0]!.statements.map(({ start, end }) => [start, end]);
    assert.deepEqual(places, [
      [
        { line: 2, column: 1 },
        { line: 2, column: 40 },
      ],
      [
        { line: 3, column: 10 },
        { line: 4, column: 26 },
      ],
    ]);
  });

  it('calls files as they were given, absolute ones too', async () => {
    const file = path.join(folder, 'migrations', '000002_index.up.sql');
    const { files } = (await switchback(os.tmpdir(), {}, 'lint', file, '--format', 'json')).json<Linted>();
    assert.deepEqual(
      files.map((each) => each.path),
      [file],
    );
    const two = await switchback(folder, {}, 'lint', 'fine.sql', 'migrations', '--format', 'json');
    assert.equal(two.json<Linted>().files.length, 5);
  });

  it('answers 0 or 1 by --fail-on', async () => {
    const up = 'migrations/000002_index.up.sql';
    assert.equal((await switchback(folder, {}, 'lint', 'fine.sql')).exitCode, 0);
    assert.equal((await switchback(folder, {}, 'lint', up)).exitCode, 1);
    const down = 'migrations/000001_orders.down.sql';
    assert.equal((await switchback(folder, {}, 'lint', down)).exitCode, 0);
    await writeFile(
      path.join(folder, 'warned.sql'),
      '-- switchback:ignore vacuum-full nothing here\nselect 1;\n',
    );
    assert.equal((await switchback(folder, {}, 'lint', 'warned.sql')).exitCode, 0);
    assert.equal((await switchback(folder, {}, 'lint', 'warned.sql', '--fail-on', 'warning')).exitCode, 1);
    await rm(path.join(folder, 'warned.sql'));
  });

  it('says in one sentence what is not there, holds no SQL, or cannot be read', async () => {
    const cases: [string, RegExp][] = [
      ['nowhere', /nowhere does not exist\. Name a SQL file or a folder\.$/],
      ['nowhere.sql', /nowhere\.sql does not exist\. Name a SQL file or a folder\.$/],
      ['empty', /There are no SQL files in .*empty\./],
      ['empty/readme.txt', /There are no SQL files in .*readme\.txt\./],
    ];
    for (const [word, sentence] of cases) {
      const answer = await switchback(folder, {}, 'lint', word);
      assert.equal(answer.exitCode, 1, word);
      assert.equal(answer.out, '');
      assert.equal(answer.told.length, 1);
      assert.match(answer.told[0]!, sentence);
    }
  });

  it('names a file it may not read, and judges the others', async function () {
    if (process.getuid?.() === 0) {
      // Nothing is forbidden to root: bytes that are no text are as unreadable.
      await writeFile(path.join(folder, 'secret.sql'), Buffer.from([0xff, 0xfe, 0xff]));
    } else {
      await writeFile(path.join(folder, 'secret.sql'), 'select 1;');
      await chmod(path.join(folder, 'secret.sql'), 0);
    }
    const answer = await switchback(folder, {}, 'lint', 'secret.sql', 'fine.sql', '--format', 'json');
    await rm(path.join(folder, 'secret.sql'));
    assert.equal(answer.exitCode, 1);
    const [fine, secret] = answer.json<Linted>().files;
    assert.equal(fine!.statements.length, 1);
    assert.deepEqual(
      secret!.findings.map(({ rule }) => rule),
      ['not-analysed'],
    );
  });

  it('lists the rules and explains each', async () => {
    const listed = await switchback(folder, {}, 'lint', '--rules');
    for (const rule of rules) {
      assert.ok(listed.out.includes(`\n${rule.id} `) || listed.out.startsWith(rule.id), rule.id);
      const page = await switchback(folder, {}, 'lint', '--explain', rule.id);
      assert.equal(page.exitCode, 0);
      assert.ok(page.out.includes(rule.why) && page.out.includes(rule.url));
    }
    const json = await switchback(folder, {}, 'lint', '--rules', '--format', 'json');
    assert.equal(json.json<{ rules: unknown[] }>().rules.length, rules.length);
    const wrong = await switchback(folder, {}, 'lint', '--explain', 'index-concurrently');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.told[0]!, /There is no rule "index-concurrently". Did you mean .*index/);
  });

  it('keeps what it learnt for the next run of the same process', async () => {
    const lintMemory = newLintMemory();
    const words = ['lint', '--format', 'json'];
    const first = await switchbackIn(folder, { lintMemory }, ...words);
    const kept = lintMemory.results.entries.size;
    assert.equal(kept, 6);
    assert.deepEqual(await switchbackIn(folder, { lintMemory }, ...words).then(({ out }) => out), first.out);
    assert.equal(lintMemory.results.entries.size, kept);
    assert.equal(first.out, (await switchback(folder, {}, ...words)).out);
  });

  it('says which depth spoke when it asked a database', async () => {
    const terminal = await openTerminal(18, {
      'migrations/000001_orders.up.sql': 'create table orders (id bigint primary key, customer_id bigint);\n',
      'migrations/000002_index.up.sql': 'create index orders_customer on orders (customer_id);\n',
    });
    try {
      await terminal.session.script(
        'create table schema_migrations (version bigint not null primary key, dirty boolean not null);' +
          'insert into schema_migrations values (1, false);' +
          'create table orders (id bigint primary key, customer_id bigint);' +
          'insert into orders select n, n from generate_series(1, 5000) n; analyze orders',
      );
      const answer = await terminal.run('lint', 'migrations', '--all');
      assert.equal(answer.exitCode, 1);
      assert.match(answer.out, /1:1 {2}create table orders \(id.*\n.*\(from the text\)/);
      assert.match(answer.out, /SHARE on orders · index build · about .* at 5,000 rows \(from the catalog\)/);
      assert.match(answer.out, /Judged: 1 from the text, 1 from the catalog\.\n$/);
    } finally {
      await terminal.close();
    }
  });
});
