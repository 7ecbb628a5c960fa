import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Direction } from '../../src/layouts/layout';
import { captureMigrations } from '../../src/journey/capture-migrations';
import { emittedSql } from '../../src/journey/emitted-sql';
import { migrationFolders } from '../../src/journey/migrations';
import type { JourneyContext } from '../../src/journey/workspace';
import { testContext } from '../support/journey-context';

const commonjs = '{ "type": "commonjs" }\n';
const create = "require('typeorm')";
/** The project of each tool: its settings, what comes before, and the migration that is looked at. */
const projects: Record<string, { files: Record<string, string>; up: string; down: string | null }> = {
  Knex: {
    files: {
      'package.json': commonjs,
      'knexfile.js':
        "module.exports = { client: 'pg', connection: process.env.DATABASE_URL, migrations: { directory: 'migrations' } };\n",
      'migrations/20240101000001_items.js': `exports.up = (knex) => knex.schema.createTable('items', (table) => table.increments('id'));
exports.down = (knex) => knex.schema.dropTable('items');
`,
      'migrations/20240101000002_label.js': `exports.up = async (knex) => {
  await knex.raw("set lock_timeout = '5s'");
  await knex.schema.alterTable('items', (table) => table.text('label').notNullable().defaultTo('new;\\n\\n\\'x\\''));
  await knex('items').insert({ id: 7, label: 'seven' });
};
exports.down = (knex) => knex.schema.alterTable('items', (table) => table.dropColumn('label'));
`,
    },
    up: `BEGIN;
set lock_timeout = '5s';
alter table "items" add column "label" text not null default 'new;

''x''';
-- $1 = '7'
-- $2 = 'seven'
insert into "items" ("id", "label") values ($1, $2);
COMMIT;
`,
    down: `BEGIN;
alter table "items" drop column "label";
COMMIT;
`,
  },
  TypeORM: {
    files: {
      'package.json': commonjs,
      'data-source.js': `const { DataSource } = require('typeorm');
exports.source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, migrations: ['migrations/*.js'] });
`,
      'migrations/1700000000001-Items.js': `const { Table } = ${create};
module.exports = class Items1700000000001 {
  async up(queryRunner) {
    await queryRunner.createTable(new Table({ name: 'items', columns: [{ name: 'id', type: 'int', isPrimary: true }] }));
  }
  async down(queryRunner) { await queryRunner.dropTable('items'); }
};
`,
      'migrations/1700000000002-Later.js': `module.exports = class Later1700000000002 {
  async up(queryRunner) { await queryRunner.query('drop table items'); }
  async down() {}
};
`,
    },
    up: `START TRANSACTION;
CREATE TABLE "items" ("id" int NOT NULL, CONSTRAINT "PK_ba5885359424c15ca6b9e79bcf6" PRIMARY KEY ("id"));
COMMIT;
`,
    down: `START TRANSACTION;
DROP TABLE "items";
COMMIT;
`,
  },
  Sequelize: {
    files: {
      'package.json': '{ "type": "commonjs", "dependencies": { "sequelize": "6" } }\n',
      'config/config.js':
        "module.exports = { development: { use_env_variable: 'DATABASE_URL', dialect: 'postgres' } };\n",
      'migrations/20240101120000-items.js': `module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('items', { id: { type: Sequelize.INTEGER, primaryKey: true } });
    await queryInterface.addIndex('items', ['id'], { concurrently: true });
  },
  down: (queryInterface) => queryInterface.dropTable('items'),
};
`,
    },
    up: `CREATE TABLE IF NOT EXISTS "items" ("id" INTEGER , PRIMARY KEY ("id"));
CREATE INDEX CONCURRENTLY "items_id" ON "items" ("id");
`,
    down: null,
  },
  MikroORM: {
    files: {
      'package.json': '{ "type": "commonjs", "devDependencies": { "@mikro-orm/cli": "6" } }\n',
      'mikro-orm.config.js': `const { defineConfig, EntitySchema } = require('@mikro-orm/postgresql');
const { Migrator } = require('@mikro-orm/migrations');
module.exports = defineConfig({ clientUrl: process.env.DATABASE_URL, extensions: [Migrator],
  entities: [new EntitySchema({ name: 'Item', properties: { id: { type: 'number', primary: true } } })],
  migrations: { path: './migrations', emit: 'js' } });
`,
      'migrations/Migration20240101120000_items.js': `const { Migration } = require('@mikro-orm/migrations');
exports.Migration20240101120000_items = class extends Migration {
  up() { this.addSql(this.getKnex().schema.createTable('items', (table) => table.integer('id')).toQuery()); }
  down() { this.addSql('drop table items'); }
};
`,
    },
    up: `BEGIN;
SAVEPOINT trx3;
create table "items" ("id" integer);
RELEASE SAVEPOINT trx3;
COMMIT;
`,
    down: null,
  },
  Kysely: {
    files: {
      'package.json': '{ "type": "module", "dependencies": { "kysely": "0.28.18" } }',
      'kysely.config.ts': `import { defineConfig } from 'kysely-ctl';
import pg from 'pg';
export default defineConfig({ dialect: 'pg', dialectConfig: { pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) } });
`,
      'migrations/0001_items.ts': `import type { Kysely } from 'kysely';
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('items').addColumn('id', 'integer').execute();
  await db.insertInto('items').values({ id: 7 }).execute();
}
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('items').execute();
}
`,
    },
    up: `begin;
create table "items" ("id" integer);
-- $1 = '7'
insert into "items" ("id") values ($1);
commit;
`,
    down: `begin;
drop table "items";
commit;
`,
  },
  'node-pg-migrate': {
    files: {
      'package.json': '{ "type": "module", "scripts": { "migrate": "node-pg-migrate -m migrations" } }',
      'migrations/0001_create.sql': '-- Up Migration\ncreate table items (id int);\n',
      'migrations/0002_note.js':
        "export const up = (pgm) => {\n  pgm.addColumn('items', { note: 'text' });\n  pgm.createIndex('items', 'note');\n};\n",
    },
    up: `SET search_path TO "public";
BEGIN;
ALTER TABLE "items"
  ADD "note" text;
CREATE INDEX "items_note_index" ON "items" ("note");
COMMIT;
`,
    down: `SET search_path TO "public";
BEGIN;
DROP INDEX "items_note_index";
ALTER TABLE "items"
  DROP "note";
COMMIT;
`,
  },
};

async function withProject(
  files: Record<string, string>,
  work: (context: JourneyContext) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-capture-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    await symlink(path.resolve(__dirname, '../../node_modules'), path.join(root, 'node_modules'));
    await work(testContext(root));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describe('the SQL that tools send', function () {
  this.timeout(120_000);
  for (const [tool, { files, up, down }] of Object.entries(projects)) {
    it(`is recorded as ${tool} runs a migration in a shadow database`, () =>
      withProject(files, async (context) => {
        const [folder] = await migrationFolders(context);
        assert.equal(folder?.title, tool);
        const wanted = [folder.migrations.filter(({ name }) => !/later/i.test(name)).at(-1)!];
        const directions: Direction[] = down === null ? ['up'] : ['up', 'down'];
        const request = { folder, wanted, directions, database: null };
        const captured = (await captureMigrations(context, request)).get(wanted[0]!.version);
        // Numbers that it gives to its savepoints are its own affair.
        assert.equal(captured?.up?.sql?.replace(/\btrx\d+/g, 'trx3'), up);
        assert.equal(captured?.down?.sql ?? null, down);
      }));
  }

  it('is what can be read, and why, where the tool does not run; nothing runs where the workspace is not trusted', () =>
    withProject(projects.Knex!.files, async (context) => {
      const { root } = context.workspace;
      const file = path.join(root, 'migrations', '20240101000002_label.js');
      await assert.rejects(emittedSql(testContext(root, { trusted: false }), null, file, 'up'), {
        code: 'untrusted-workspace',
      });
      await rm(path.join(root, 'knexfile.js'));
      const emitted = await emittedSql(context, null, file, 'up');
      assert.equal(emitted.by, 'text');
      assert.equal(emitted.sql.trim(), "set lock_timeout = '5s';");
      assert.match(emitted.because!, /Knex cannot be called: there is no knexfile/);
    }));
});
