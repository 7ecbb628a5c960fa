import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { proposeRollback, writeRollback, type ProposedRollback } from '../../src/journey/generate-rollback';
import { rehearseMigrations } from '../../src/journey/rehearse';
import type { JourneyContext } from '../../src/journey/workspace';
import { isSwitchbackError } from '../../src/messages/error';
import { testContext } from '../support/journey-context';
import { testServer } from '../support/servers';
import type { ShadowChoice } from '../../src/shadow/open-shadow';

const made = 'CREATE TABLE users (id int PRIMARY KEY, age int, note text);';
const changed = 'ALTER TABLE users DROP COLUMN age;\nCREATE INDEX users_note ON users (note);';
const back = ['DROP INDEX public.users_note;', 'ALTER TABLE public.users ADD COLUMN age integer;'];
const data = `${made}\nINSERT INTO users VALUES (1, 30, 'x'), (2, NULL, 'y');\nCREATE TABLE tags (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner int REFERENCES users, label text);\nINSERT INTO tags (owner, label) VALUES (1, 'a'), (2, 'b');`;

interface LayoutCase {
  title: string;
  files: Record<string, string>;
  /** The migration whose way back is asked for, and the file that it comes to. */
  migration: string;
  file: string;
  /** How the tool's files begin their way back, and what of the present text stays. */
  form?: RegExp;
  kept?: readonly string[];
}

const cases: LayoutCase[] = [
  {
    title: 'golang-migrate, where there is no down file',
    files: {
      'm/000001_a.up.sql': made,
      'm/000001_a.down.sql': 'DROP TABLE users;',
      'm/000002_b.up.sql': changed,
    },
    migration: 'm/000002_b.up.sql',
    file: 'm/000002_b.down.sql',
  },
  {
    title: 'golang-migrate, where the down file is empty',
    files: {
      'm/000001_a.up.sql': made,
      'm/000001_a.down.sql': 'DROP TABLE users;',
      'm/000002_b.up.sql': changed,
      'm/000002_b.down.sql': '',
    },
    migration: 'm/000002_b.up.sql',
    file: 'm/000002_b.down.sql',
  },
  {
    title: 'goose, in its own section',
    files: {
      'm/00001_a.sql': `-- +goose Up\n${made}\n\n-- +goose Down\nDROP TABLE users;\n`,
      'm/00002_b.sql': `-- +goose Up\n${changed}\n`,
    },
    migration: 'm/00002_b.sql',
    file: 'm/00002_b.sql',
  },
  {
    title: 'dbmate, in an empty section',
    files: {
      'db/migrations/20240101000000_a.sql': `-- migrate:up\n${made}\n\n-- migrate:down\nDROP TABLE users;\n`,
      'db/migrations/20240102000000_b.sql': `-- migrate:up\n${changed}\n\n-- migrate:down\n`,
    },
    migration: 'db/migrations/20240102000000_b.sql',
    file: 'db/migrations/20240102000000_b.sql',
  },
  {
    title: 'Flyway, as an undo migration',
    files: {
      'sql/V1__a.sql': made,
      'sql/V2__b.sql': changed,
      'flyway.conf': 'flyway.locations=filesystem:sql\n',
    },
    migration: 'sql/V2__b.sql',
    file: 'sql/U2__b.sql',
  },
  {
    title: 'Prisma, in a file that it never reads',
    files: {
      'prisma/schema.prisma': 'datasource db { provider = "postgresql" }\n',
      'prisma/migrations/20240101000000_a/migration.sql': made,
      'prisma/migrations/20240102000000_b/migration.sql': changed,
    },
    migration: 'prisma/migrations/20240102000000_b/migration.sql',
    file: 'prisma/migrations/20240102000000_b/down.sql',
  },
  {
    title: 'golang-migrate, where the down file has only comments: those of its author stay',
    files: {
      'm/000001_a.up.sql': made,
      'm/000001_a.down.sql': 'DROP TABLE users;',
      'm/000002_b.up.sql': changed,
      'm/000002_b.down.sql': '-- switchback:irreversible for now\r\n-- Ask the ledger first.\r\n',
    },
    migration: 'm/000002_b.up.sql',
    file: 'm/000002_b.down.sql',
    form: /^-- Ask the ledger first\.\n-- The values/,
  },
  {
    title: 'Liquibase, below its changeset',
    files: {
      'sql/changes.sql': `--liquibase formatted sql\n\n--changeset ann:a\n${made}\n--rollback DROP TABLE users;\n\n--changeset ann:b\n${changed}\n\n--changeset ann:c\nSELECT 1;\n--rollback empty\n`,
    },
    migration: 'sql/changes.sql::b::ann',
    file: 'sql/changes.sql',
    form: /users \(note\);\n\n--rollback -- The values[^\n]*\n--rollback DROP INDEX public\.users_note;\n--rollback ALTER TABLE [^\n]*\n\n--changeset ann:c\n/,
    kept: ['--rollback DROP TABLE users;', '--changeset ann:c\nSELECT 1;\n--rollback empty\n'],
  },
  {
    title: 'Sqitch, as the revert script',
    files: {
      'sqitch.conf': '[core]\n\tengine = pg\n',
      'sqitch.plan':
        '%syntax-version=1.0.0\n%project=shop\n\na 2024-01-31T12:00:00Z B <b@example.org> # A\nb 2024-01-31T12:00:01Z B <b@example.org> # B\n',
      'deploy/a.sql': `-- Deploy shop:a to pg\n\nBEGIN;\n\n${made}\n\nCOMMIT;\n`,
      'revert/a.sql': '-- Revert shop:a from pg\n\nBEGIN;\n\nDROP TABLE users;\n\nCOMMIT;\n',
      'verify/a.sql': 'SELECT 1;\n',
      'deploy/b.sql': `-- Deploy shop:b to pg\n\nBEGIN;\n\n${changed}\n\nCOMMIT;\n`,
      'revert/b.sql': '-- Revert shop:b from pg\n\nBEGIN;\n\n-- XXX Add DDLs here.\n\nCOMMIT;\n',
      'verify/b.sql': 'SELECT 1;\n',
    },
    migration: 'deploy/b.sql',
    file: 'revert/b.sql',
    form: /^-- Revert shop:b from pg\nBEGIN;\n[^]*DROP INDEX[^]*COMMIT;\n$/,
  },
  {
    title: 'Sqitch, where there is no revert script',
    files: {
      'sqitch.conf': '[core]\n\tengine = pg\n',
      'sqitch.plan':
        '%syntax-version=1.0.0\n%project=shop\n\na 2024-01-31T12:00:00Z B <b@example.org> # A\nparts/b 2024-01-31T12:00:01Z B <b@example.org> # B\n',
      'deploy/a.sql': `BEGIN;\n${made}\nCOMMIT;\n`,
      'revert/a.sql': 'BEGIN;\nDROP TABLE users;\nCOMMIT;\n',
      'deploy/parts/b.sql': `BEGIN;\n${changed}\nCOMMIT;\n`,
    },
    migration: 'deploy/parts/b.sql',
    file: 'revert/parts/b.sql',
    form: /^BEGIN;\n[^]*DROP INDEX[^]*COMMIT;\n$/,
  },
  {
    title: 'node-pg-migrate, below its up',
    files: {
      'package.json': '{"dependencies": {"node-pg-migrate": "^7.0.0"}}',
      'migrations/1700000000000_a.sql': `-- Up Migration\n${made}\n\n-- Down Migration\nDROP TABLE users;\n`,
      'migrations/1700000000001_b.sql': `-- Up Migration\n${changed}\n`,
    },
    migration: 'migrations/1700000000001_b.sql',
    file: 'migrations/1700000000001_b.sql',
    form: /users \(note\);\n\n-- Down Migration\n-- The values/,
  },
  {
    title: 'node-pg-migrate, in the empty part that its generator writes',
    files: {
      'package.json': '{"dependencies": {"node-pg-migrate": "^7.0.0"}}',
      'migrations/1700000000000_a.sql': `-- Up Migration\n${made}\n\n-- Down Migration\nDROP TABLE users;\n`,
      'migrations/1700000000001_b.sql': `-- Up Migration\n${changed}\n\n-- Down Migration`,
    },
    migration: 'migrations/1700000000001_b.sql',
    file: 'migrations/1700000000001_b.sql',
    form: /users \(note\);\n\n-- Down Migration\n-- The values/,
  },
  {
    title: 'sqlx',
    files: {
      'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n',
      'migrations/20240101000000_a.up.sql': made,
      'migrations/20240101000000_a.down.sql': 'DROP TABLE users;',
      'migrations/20240102000000_b.up.sql': changed,
      'migrations/20240102000000_b.down.sql': '-- Add down migration script here\n',
    },
    migration: 'migrations/20240102000000_b.up.sql',
    file: 'migrations/20240102000000_b.down.sql',
    form: /^-- The values/,
  },
  {
    title: 'postgrator',
    files: { 'm/001.do.a.sql': made, 'm/001.undo.a.sql': 'DROP TABLE users;', 'm/002.do.b.sql': changed },
    migration: 'm/002.do.b.sql',
    file: 'm/002.undo.b.sql',
  },
];

describe('generating the rollback of a migration', function () {
  this.timeout(120_000);
  const roots: string[] = [];
  let shadow: ShadowChoice;
  before(async () => {
    const { server } = await testServer({ major: 18 });
    shadow = { connection: server.connection(), password: server.password };
  });
  after(async () => {
    for (const root of roots) await rm(root, { recursive: true, force: true });
  });

  async function workspace(files: Record<string, string>): Promise<JourneyContext> {
    const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-generate-'));
    roots.push(root);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    return testContext(root);
  }

  async function propose(context: JourneyContext, file: string, backup = false): Promise<ProposedRollback> {
    return await proposeRollback(context, path.join(context.workspace.root, file), {
      shadow,
      backup,
    });
  }

  for (const { title, files, migration, file, form = /(?:)/, kept = [] } of cases) {
    it(`writes it for ${title}`, async () => {
      const context = await workspace(files);
      const { root } = context.workspace;
      const rollback = await propose(context, migration);
      assert.equal(path.relative(root, rollback.file), file);
      assert.equal(rollback.rehearsal.verdict, 'order-only');
      assert.ok(rollback.proven);
      const places = back.map((statement) => rollback.newText.indexOf(statement));
      assert.ok(places.every((place) => place >= 0) && places[0]! < places[1]!, rollback.newText);
      assert.match(rollback.newText, /-- The values of column age of public\.users do not come back\.$/m);
      if (migration.startsWith(file))
        assert.ok(rollback.newText.includes(changed.split('\n')[0]!), rollback.newText);
      assert.match(rollback.newText, form);
      for (const part of kept) assert.ok(rollback.newText.includes(part), rollback.newText);
      assert.deepEqual(await writeRollback(context, rollback), [path.join(root, file)]);
      assert.equal(await readFile(path.join(root, file), 'utf8'), rollback.newText);
      await assert.rejects(propose(context, migration), (error) => isSwitchbackError(error, 'already-done'));
    });
  }

  it('keeps dropped columns and tables where that is wanted, and puts them back', async () => {
    const up = 'ALTER TABLE users DROP COLUMN age;\nDROP TABLE tags;\n';
    const context = await workspace({
      'm/000001_a.up.sql': data,
      'm/000001_a.down.sql': 'DROP TABLE tags; DROP TABLE users;',
      'm/000002_b.up.sql': up,
    });
    const plain = await propose(context, 'm/000002_b.up.sql');
    assert.ok(plain.rehearsal.dataLost.length > 0);
    const kept = await propose(context, 'm/000002_b.up.sql', true);
    assert.deepEqual(kept.rehearsal.dataLost, [], JSON.stringify(kept.rehearsal));
    assert.equal(kept.rehearsal.verdict, 'order-only');
    assert.match(
      kept.up!.newText,
      /CREATE TABLE switchback_backup\.users_2 AS SELECT id, age FROM public\.users;/,
    );
    assert.match(plain.newText, /do not come back/);
    assert.doesNotMatch(kept.newText, /do not come back/);
    await writeRollback(context, kept);
    const again = await rehearseMigrations(context, { shadow, from: '2' });
    assert.equal(again.migrations[0]!.verdict, 'order-only');
    assert.deepEqual(again.migrations[0]!.dataLost, []);
  });

  it('says what is not proven, what is nothing, and what is code', async () => {
    const context = await workspace({
      'm/000001_a.up.sql': made,
      'm/000001_a.down.sql': 'DROP TABLE users;',
      'm/000002_b.up.sql': 'UPDATE users SET age = 1;',
      'm/000003_c.up.sql': 'SELECT 1;',
      'm/000004_d.up.sql': 'CREATE TABLE users (id int);',
    });
    const update = await propose(context, 'm/000002_b.up.sql');
    assert.deepEqual([update.proven, update.rehearsal.verdict], [false, 'empty-down']);
    assert.match(update.newText, /^-- Line 1 changes rows/);
    const nothing = await propose(context, 'm/000003_c.up.sql');
    assert.deepEqual([nothing.proven, nothing.rehearsal.verdict], [true, 'exact']);
    assert.match(nothing.newText, /^-- It changes nothing: there is nothing to take back\.\n$/);
    await assert.rejects(propose(context, 'm/000004_d.up.sql'), (error) =>
      isSwitchbackError(error, 'verification-failed'),
    );
    const knex = await workspace({
      'package.json': '{"dependencies": {"knex": "*"}}',
      'migrations/20240101000000_a.js':
        'exports.up = (knex) => knex.raw("select 1");\nexports.down = () => {};\n',
    });
    await assert.rejects(propose(knex, 'migrations/20240101000000_a.js'), /is a program of Knex/i);
  });
});
