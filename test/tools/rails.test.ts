import assert from 'node:assert/strict';
import { captureMigrations } from '../../src/journey/capture-migrations';
import { migrationFolders } from '../../src/journey/migrations';
import { rails } from '../../src/layouts/rails';
import { nodeFiles } from '../../src/ports/node-files';
import { testContext } from '../support/journey-context';
import { appliedVersions, beforeInProject, runTool, type OpenProject } from '../layouts/code/tool-project';
import { tableShape } from './debian';
import { applyNotes, recordOnly, writeNotes, type Notes } from './notes';
import { skipWithout } from './programs';

const application = {
  'bin/rails': "APP_PATH = File.expand_path('../config/application', __dir__)\nrequire 'rails/commands'\n",
  'config/application.rb': `require 'rails'
require 'active_record/railtie'
module Shop
  class Application < Rails::Application
    config.root = File.expand_path('..', __dir__)
    config.eager_load = false
    config.active_record.dump_schema_after_migration = false
    config.logger = Logger.new(nil)
  end
end
`,
  'config/environment.rb': "require_relative 'application'\nRails.application.initialize!\n",
  'config/database.yml': "development:\n  adapter: postgresql\n  url: <%= ENV['DATABASE_URL'] %>\n",
  Rakefile: "require_relative 'config/application'\nRails.application.load_tasks\n",
  'db/migrate/20240101120000_create_orders.rb': `class CreateOrders < ActiveRecord::Migration[6.0]
  def change
    create_table :orders, id: false do |t|
      t.integer :id
    end
  end
end
`,
};

/** Texts that Ruby or Active Record might change, each in a string of SQL. */
const hostile = [
  '%s %% 100% #{x} #$x #@x #{{}} ${y} :a ?',
  "a \"quoted\" ''name'' end\"",
  'line\nbreak \\n \\ \\e \r end\\',
  '__END__\n=begin\n# encoding: latin-1 é 𝒙',
];

describe('Rails, the real one, and Switchback in turns [rails]', function () {
  this.timeout(180_000);
  const files = nodeFiles();
  let opened: OpenProject;
  let { session, project } = {} as OpenProject;
  before(skipWithout('ruby', ['-e', 'require "rails"; require "active_record"; require "pg"']));
  beforeInProject('db/migrate', application, (each) => ({ session, project } = opened = each));

  const status = (): Promise<string> =>
    project.run({ program: 'ruby', args: ['bin/rails', 'db:migrate:status'], folder: project.root });

  it('applies what Rails began, takes it back, and Rails goes on', async () => {
    const [create] = await rails.list(project.migrations, files);
    await runTool(rails, project, create!, 'up');
    assert.deepEqual(await appliedVersions(rails, session), ['20240101120000']);

    const notes: Notes = { layout: rails, name: 'Add 2 notes "é"', texts: hostile };
    await writeNotes(notes, opened);
    const migrations = await rails.list(project.migrations, files);
    assert.equal(migrations.length, 3);
    await applyNotes(notes, opened);
    assert.deepEqual(
      await appliedVersions(rails, session),
      migrations.map(({ version }) => version),
    );

    await runTool(rails, project, migrations[2]!, 'down');
    assert.match(await status(), new RegExp(`down +${migrations[2]!.version}`));
    // A row of ours, and none, are the tool's own.
    await recordOnly(rails, session, migrations[2]!, 'up');
    assert.match(await status(), new RegExp(`up +${migrations[2]!.version}`));
    await recordOnly(rails, session, migrations[2]!, 'down');

    const tables = ['schema_migrations', 'ar_internal_metadata'];
    const shapes = async (): Promise<string[][]> =>
      Promise.all(tables.map((table) => tableShape(session, table)));
    const theirs = await shapes();
    await session.query(`drop table ${tables.join(', ')}`);
    for (const sql of rails.execution(create!, 'up', {} as never).prepare) await session.query(sql);
    assert.deepEqual(await shapes(), theirs);
  });

  it('sends what its builder makes to a shadow database, where that is recorded', async () => {
    const context = testContext(project.root);
    const [folder] = await migrationFolders(context);
    const wanted = folder!.migrations.slice(0, 1);
    const request = { folder: folder!, wanted, directions: ['up', 'down'] as const, database: null };
    const captured = (await captureMigrations(context, request)).get(wanted[0]!.version);
    assert.equal(captured?.up?.sql, 'BEGIN;\nCREATE TABLE "orders" ("id" integer);\nCOMMIT;\n');
    assert.equal(captured?.down?.sql, 'BEGIN;\nDROP TABLE "orders";\nCOMMIT;\n');
  });
});
