import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { loadPrism } from '../../../src/layouts/code/load-prism';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import type { RunByTool } from '../../../src/layouts/layout-tool';
import { rails } from '../../../src/layouts/rails';
import { memoryFiles } from '../../support/memory-files';
import { beforeInDatabase } from '../../support/before-in-database';

const root = path.resolve('/w');
const folder = path.join(root, 'db', 'migrate');

function filesOf(texts: Record<string, string>): ReturnType<typeof memoryFiles> {
  return memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
  );
}

function statements(sql: string): string[] {
  return sql.split(';').map((one) => one.replace(/\s+/g, ' ').trim());
}

const text = `class AddNote < ActiveRecord::Migration[7.0]
  disable_ddl_transaction!
  TABLE = 'orders'
  def up
    execute "é update #{TABLE} set note = #{quote(note)}"
    execute <<~SQL
      create index concurrently a
        on #{t} (note) where note <> '\\t'
    SQL
    execute <<-'SQL'.squish
      select '\\d'
    SQL
    execute %q{select '\\w'}
    execute 'select \\'x\\'' " || 1"
    execute "drop table " + TABLE
    add_column :orders, :note, :text, default: -> { 'now()' }
    again
  end

  def again
    safety_assured { ActiveRecord::Base.connection.execute(%(select 2)) }
  end

  def down
    raise ActiveRecord::IrreversibleMigration
  end
end
`;

const change = `class B < ActiveRecord::Migration[7.0]
  def change
    add_column :a, :b, :text
    reversible do |dir|
      dir.up { execute "one" }
      dir.down do
        execute "two"
      end
    end
    up_only { execute("three") }
  end
end
`;

describe('Rails: files', () => {
  it('reads the SQL of both directions where it stands', async () => {
    for (const source of [text, text.replaceAll('\n', '\r\n')]) {
      const files = filesOf({ '20240101120000_add_note.rb': source });
      const [migration] = await rails.list(folder, files);
      const up = (await rails.script(migration!, 'up', files))!;
      assert.deepEqual(statements(up.sql), [
        'é update ${xxxxx} set note = ${xxxxxxxxxxx}',
        "create index concurrently a on ${x} (note) where note <> ' '",
        "select '\\d'",
        "select '\\w'",
        "select 'x' || 1",
        'drop table ${xxxxxx}',
        'select 2',
        '',
      ]);
      for (const words of ['create index', "select '\\d", 'select 2'])
        assert.equal(source.indexOf(words), up.offset + up.sql.indexOf(words));
      assert.equal(up.transaction, 'none');
      assert.equal(await rails.script(migration!, 'down', files), null);
    }
  });

  it('reads both directions of change', async () => {
    const [migration] = await rails.list(folder, filesOf({ '1_b.rb': '' }));
    const read = async (source: string, direction: 'up' | 'down'): Promise<string[] | undefined> => {
      const script = await rails.script(migration!, direction, filesOf({ '1_b.rb': source }));
      return script ? statements(script.sql) : undefined;
    };
    assert.deepEqual(await read(change, 'up'), ['one', 'three', '']);
    assert.deepEqual(await read(change, 'down'), ['two', '']);
    // What it sends outside of these has no way back.
    const oneWay = change.replace('up_only { execute("three") }', 'execute("three")');
    assert.deepEqual(await read(oneWay, 'up'), ['one', 'three', '']);
    assert.equal(await read(oneWay, 'down'), undefined);
    assert.deepEqual(await read('class A < ', 'up'), undefined);
  });

  it('needs no WASI of Node, which would warn', async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', heard);
    assert.equal((await loadPrism())('def up; end').errors.length, 0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', heard);
    assert.deepEqual(warnings, []);
  });

  it('is told by what the files say, and no other tool with such a table is', async () => {
    const files = filesOf({
      '002_two.rb': text,
      '1_one.rb': text,
      '10_ten.my_engine.rb': text,
      '2_again.rb': text,
      '3_Not.rb': text,
      'README.md': '',
    });
    const migrations = await rails.list(folder, files);
    assert.deepEqual(
      migrations.map(({ version, name }) => [version, name]),
      [
        ['1', 'one'],
        ['2', 'two'],
        ['10', 'ten'],
      ],
    );
    assert.match(migrations[1]!.problems![0]!, /^2_again\.rb has the version 2 of 002_two\.rb/);
    assert.equal((await detectLayout(folder, files))?.layout.id, 'rails');
    await files.write(path.join(root, 'bin', 'rails'), '');
    assert.equal((await detectLayout(folder, files))?.evidence.confidence, 0.95);
    const dbmate = filesOf({ '20240101120000_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' });
    assert.equal((await detectLayout(folder, dbmate))?.layout.id, 'dbmate');
    const golang = filesOf({ '000001_a.up.sql': 'select 1', '000001_a.down.sql': 'select 1' });
    assert.equal((await detectLayout(folder, golang))?.layout.id, 'golang-migrate');
  });

  it('names files and classes as Rails does', () => {
    const request = {
      folder,
      name: '2 Notes of "Ölen"',
      up: '',
      down: null,
      transactional: true,
      now: new Date('2026-03-04T05:06:07Z'),
    };
    const classes: string[] = [];
    const fill = (_: string, { className }: { className: string }): string => {
      classes.push(className);
      return '';
    };
    const [fresh] = rails.compose({ ...request, fill }, []);
    assert.equal(path.basename(fresh!.path), '20260304050607_migration_2_notes_of_olen.rb');
    assert.deepEqual(classes, ['Migration2NotesOfOlen']);
    const last = { version: '7', upPath: path.join(folder, '007_a.rb') };
    const [next] = rails.compose(request, [last as never]);
    assert.deepEqual([next!.version, path.basename(next!.path).slice(0, 4)], ['8', '008_']);
  });

  it('calls bin/rails, else Rake', async () => {
    const files = filesOf({ '1_one.rb': text });
    const [one] = await rails.list(folder, files);
    const command: RunByTool['command'] = (...asked) => rails.tool!.run!.command(...asked);
    await assert.rejects(command(one!, 'up', files), { code: 'not-found' });
    await files.write(path.join(root, 'Rakefile'), '');
    const task = ['db:migrate:up', 'VERSION=1'];
    assert.deepEqual(await command(one!, 'up', files), { program: 'rake', args: task, folder: root });
    await files.write(path.join(root, 'Gemfile'), '');
    const bundled = { program: 'bundle', args: ['exec', 'rake', ...task], folder: root };
    assert.deepEqual(await command(one!, 'up', files), bundled);
    await files.write(path.join(root, 'bin', 'rails'), '');
    const own = { program: 'ruby', args: ['bin/rails', ...task], folder: root };
    assert.deepEqual(await command(one!, 'up', files), own);
    assert.deepEqual((await rails.tool!.generate!(folder, 'add note', files)).args, [
      'bin/rails',
      'generate',
      'migration',
      'AddNote',
    ]);
    await files.write(
      path.join(root, 'config', 'application.rb'),
      'config.active_record.schema_migrations_table_name = "audit.applied"\n',
    );
    assert.deepEqual(await rails.historyTable!(folder, files), { schema: 'audit', name: 'applied' });
  });
});

/** The tables as Active Record's `SchemaMigration` and `InternalMetadata` make them; test/tools compares with the real ones. */
for (const major of [12, 18] as const) {
  describe(`Rails: rows on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));

    it('keeps a row of each version, in the order of numbers', async () => {
      const migrations = await rails.list(folder, filesOf({ '9_nine.rb': '', '10_ten.rb': '' }));
      assert.equal((await rails.history('db/migrate', session)).exists, false);
      for (const migration of migrations) {
        const execution = rails.execution(migration, 'up', {} as never);
        for (const sql of execution.prepare) await session.query(sql);
        for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
      }
      const versions = async (): Promise<string[]> =>
        (await rails.history('db/migrate', session)).applied.map(({ version }) => version);
      assert.deepEqual(await versions(), ['9', '10']);
      for (const { sql, parameters } of rails.execution(migrations[1]!, 'down', {} as never).record(0))
        await session.query(sql, parameters);
      assert.deepEqual(await versions(), ['9']);
      await session.query('drop table schema_migrations');
      await session.query('create table schema_migrations (version bigint primary key, dirty boolean)');
      await assert.rejects(rails.history('db/migrate', session), { code: 'invalid-input' });
    });
  });
}
