import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { switchback } from './support';

const schemaFile = path.resolve(__dirname, '../../schemas/lint.schema.json');

interface Place {
  line: number;
  column: number;
}

interface Statement {
  depth: string;
  locks: { relation: string; mode: string }[];
  work: string;
  notes: string[];
  start: Place;
  predicted?: Statement;
  disagreements?: unknown[];
}

interface Linted {
  files: { path: string; statements: Statement[] }[];
}

describe('switchback lint --shadow', function () {
  this.timeout(180_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-lint-shadow-'));
    await mkdir(path.join(folder, 'migrations'));
    const files = {
      '000001_orders.up.sql': 'create table orders (id bigint primary key, customer_id bigint);\n',
      '000001_orders.down.sql': 'drop table orders;\n',
      '000002_index.up.sql':
        'alter table orders\n  add column note text;\ncreate index orders_customer on orders (customer_id);\nalter table nowhere add column a int;\n',
      '000002_index.down.sql': 'drop index orders_customer;\nalter table orders drop column note;\n',
      '000003_after.up.sql': 'select 1;\n',
      '000003_after.down.sql': 'select 1;\n',
    };
    for (const [name, text] of Object.entries(files))
      await writeFile(path.join(folder, 'migrations', name), text);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  for (const shadow of ['local', 'embedded']) {
    it(`gives what ${shadow} measured beside what was forecast`, async () => {
      const validate = new Ajv({ allErrors: true }).compile(
        JSON.parse(await readFile(schemaFile, 'utf8')) as object,
      );
      const answer = await switchback(
        folder,
        {},
        'lint',
        '--shadow',
        shadow,
        '--format',
        'json',
        'migrations/000002_index.up.sql',
      );
      const linted = answer.json<Linted>();
      assert.ok(validate(linted), JSON.stringify(validate.errors));
      assert.ok(!answer.out.includes('"offset"'));
      const [column, index, nowhere] = linted.files[0]!.statements;
      assert.deepEqual([column!.depth, index!.depth, nowhere!.depth], ['measured', 'measured', 'static']);
      assert.deepEqual(index!.locks, [{ relation: 'public.orders', mode: 'ShareLock' }]);
      assert.deepEqual([index!.work, index!.predicted!.work], ['index-build', 'index-build']);
      assert.equal(index!.predicted!.depth, 'catalog');
      assert.deepEqual([column!.disagreements, index!.disagreements], [[], []]);
      assert.deepEqual(index!.start, { line: 3, column: 1 });
      assert.match(nowhere!.notes.join(), /relation "nowhere" does not exist/);
    });
  }

  it('tells people, takes no value where none is given, and goes on after a migration that fails', async () => {
    const answer = await switchback(folder, {}, 'lint', '--shadow', 'migrations', '--all');
    assert.match(answer.out, /forecast: SHARE on orders · index build/);
    assert.match(answer.out, /measured: SHARE on orders · index build \(\d+ m?s in the shadow database\)/);
    assert.match(answer.out, /failed in the shadow\s+database: relation "nowhere"/);
    assert.match(answer.out, /000003_after\.up\.sql: The shadow database cannot be brought/);
    assert.match(answer.out, /Measured in a shadow database on PostgreSQL 18/);
    assert.ok(!answer.out.includes('differ'));
  });
});
