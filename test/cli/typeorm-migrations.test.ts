import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { switchback } from './support';

const dataSource = `const { DataSource } = require('typeorm');
exports.source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['migrations/*.js'] });
`;

function program(name: string, up: string, down: string): string {
  return `const { Table, TableColumn } = require('typeorm');
module.exports = class ${name} {
  async up(queryRunner) { ${up} }
  async down(queryRunner) { ${down} }
};
`;
}

const texts = {
  'package.json': '{ "type": "commonjs" }\n',
  'data-source.js': dataSource,
  'migrations/1700000000001-Orders.js': program(
    'Orders1700000000001',
    "await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'int', isPrimary: true }] }));",
    "await queryRunner.dropTable('orders');",
  ),
  'migrations/1700000000002-Note.js': program(
    'Note1700000000002',
    "await queryRunner.addColumn('orders', new TableColumn({ name: 'note', type: 'text', isNullable: true }));",
    "await queryRunner.dropColumn('orders', 'note');",
  ),
  'migrations/1700000000003-Worse.js': program(
    'Worse1700000000003',
    "await queryRunner.query('alter table orders add column worse int');",
    "await queryRunner.query('select 1');",
  ),
};

const note = 'migrations/1700000000002-Note.js';

describe('migrations of TypeORM from the terminal', function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-typeorm-'));
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    await symlink(path.resolve(__dirname, '../../node_modules'), path.join(folder, 'node_modules'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are rehearsed one by one, though one call of the tool runs all that is pending', async () => {
    const words = ['rehearse', note, '--shadow', 'local', '--format', 'json'];
    const { migrations } = (await switchback(folder, process.env, ...words)).json<{
      migrations: { version: string; verdict: string; error: string | null }[];
    }>();
    // With the next one run along, the way back would be that one's.
    assert.deepEqual(
      migrations.map(({ version, verdict, error }) => [version, verdict, error]),
      [['1700000000002', 'exact', null]],
    );
  });
});
