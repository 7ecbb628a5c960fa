import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import { django } from '../../../src/layouts/django';
import type { RunByTool } from '../../../src/layouts/layout-tool';
import { memoryFiles } from '../../support/memory-files';
import { beforeInDatabase } from '../../support/before-in-database';

const root = path.resolve('/w');
const folder = path.join(root, 'shop', 'migrations');

function filesOf(texts: Record<string, string>): ReturnType<typeof memoryFiles> {
  return memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
  );
}

const text = `# é
from django.db import migrations

CREATE = "create view v as select 1"
MORE = ["select 2", ("select 3 where 100 %% 7 = %s", [2])]


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("update orders set note = %s where id = %(id)s", ["x"])
    schema_editor.execute("select '100%'")


def empty(apps, schema_editor):
    schema_editor.execute("update orders set note = null")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("order", "note", models.TextField()),
        migrations.RunSQL(CREATE, "drop view v"),
        migrations.RunSQL(sql=MORE, reverse_sql=migrations.RunSQL.noop),
        migrations.RunPython(fill, reverse_code=empty),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(["create index a on b (c)"], reverse_sql=[("drop index a", None)])],
            state_operations=[migrations.RunSQL("never")],
        ),
    ]
`;

describe('Django: files', () => {
  it('reads the SQL of both directions where it stands', async () => {
    const files = filesOf({ '0002_note.py': text });
    const [migration] = await django.list(folder, files);
    const up = (await django.script(migration!, 'up', files))!;
    assert.deepEqual(
      up.sql.split(';').map((one) => one.replace(/\s+/g, ' ').trim()),
      [
        'create view v as select 1',
        'select 2',
        'select 3 where 100 % 7 = 0',
        'update orders set note = 0 where id = 0',
        "select '100%'",
        'create index a on b (c)',
        '',
      ],
    );
    assert.equal(text.indexOf('create index'), up.offset + up.sql.indexOf('create index'));
    assert.equal(up.transaction, 'none');
    const down = (await django.script(migration!, 'down', files))!;
    assert.deepEqual(
      down.sql.split(';').map((one) => one.trim()),
      ['update orders set note = null', 'drop view v', 'drop index a', ''],
    );
    const oneWay = filesOf({
      '0002_note.py': text.replace(', "drop view v"', '').replace('atomic = False', ''),
    });
    assert.equal(await django.script(migration!, 'down', oneWay), null);
    assert.equal((await django.script(migration!, 'up', oneWay))?.transaction, 'wrapped');
  });

  it('is told by what the files say, and ordered by number', async () => {
    const files = filesOf({
      '__init__.py': '',
      '10000_far.py': '',
      '0010_later.py': '',
      '0001_initial.py': text,
      '_private.py': '',
      'notes.txt': '',
    });
    assert.equal((await detectLayout(folder, files))?.layout.id, 'django');
    await files.write(path.join(root, 'manage.py'), '');
    assert.equal((await detectLayout(folder, files))?.evidence.confidence, 0.95);
    assert.deepEqual(
      (await django.list(folder, files)).map(({ version }) => version),
      ['0001_initial', '0010_later', '10000_far'],
    );
    assert.equal(await detectLayout(folder, filesOf({ '0001_initial.py': 'x = 1' })), null);
    assert.equal(django.folderOf(path.join(folder, '0001_initial.py')), folder);
    assert.equal(django.folderOf(path.join(root, 'shop', '0001_initial.py')), null);
  });

  it('calls manage.py with the app and the migration to end at', async () => {
    const files = filesOf({ '0001_initial.py': '', '0002_note.py': '' });
    await files.write(path.join(root, 'manage.py'), '');
    await files.write(path.join(root, '.venv', 'bin', 'python'), '');
    const [first, second] = await django.list(folder, files);
    const program = path.join(root, '.venv', 'bin', 'python');
    const command: RunByTool['command'] = (...asked) => django.tool!.run!.command(...asked);
    const call = (...args: string[]): object => ({ program, args: ['manage.py', ...args], folder: root });
    assert.deepEqual(await command(second!, 'up', files), call('migrate', 'shop', '0002_note'));
    assert.deepEqual(await command(second!, 'down', files), call('migrate', 'shop', '0001_initial'));
    assert.deepEqual(await command(first!, 'down', files), call('migrate', 'shop', 'zero'));
    assert.deepEqual(
      await django.tool!.emit!(second!, 'down', files),
      call('sqlmigrate', 'shop', '0002_note', '--backwards'),
    );
  });
});

/** The table as Django's `MigrationRecorder` makes it; test/tools compares with the real one. */
for (const major of [12, 18] as const) {
  describe(`Django: rows on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));

    it('keeps the rows of one app and leaves those of others', async () => {
      const [one] = await django.list(folder, filesOf({ '0001_initial.py': '' }));
      assert.equal((await django.history('shop/migrations', session)).exists, false);
      const up = django.execution(one!, 'up', {} as never);
      for (const sql of [...up.prepare, ...up.prepare]) await session.query(sql);
      await session.query(
        `insert into django_migrations (app, name, applied) values ('other', '0001_initial', now())`,
      );
      for (const { sql, parameters } of up.record(0)) await session.query(sql, parameters);
      const { applied } = await django.history('shop/migrations', session);
      assert.deepEqual(
        applied.map(({ version, name }) => [version, name]),
        [['0001_initial', 'initial']],
      );
      assert.match(applied[0]!.appliedAt!, /^\d{4}-\d\d-\d\dT.*Z$/);
      for (const { sql, parameters } of django.execution(one!, 'down', {} as never).record(0))
        await session.query(sql, parameters);
      const { rows } = await session.query('select app, name from django_migrations');
      assert.deepEqual(rows, [{ app: 'other', name: '0001_initial' }]);
    });
  });
}
