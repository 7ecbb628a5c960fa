import assert from 'node:assert/strict';
import path from 'node:path';
import { django } from '../../src/layouts/django';
import { nodeFiles } from '../../src/ports/node-files';
import { beforeInProject, runTool, writeMigration, type OpenProject } from '../layouts/code/tool-project';
import { linkPython, tableShape } from './debian';
import { applyNotes, recordOnly, writeNotes, type Notes } from './notes';
import { skipWithout } from './programs';

const settings = `import os
SECRET_KEY = "test"
USE_TZ = True
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ["PGDATABASE"], "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
    "USER": os.environ["PGUSER"], "PASSWORD": os.environ["PGPASSWORD"],
}}
`;

const manage = `import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;

const first = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL("create table orders (id int)", "drop table orders")]
`;

/** Texts that Django, Python or psycopg might change, each in a string of SQL. */
const hostile = [
  '%s %(name)s %% 100% {x} {{y}} :a ?',
  'a "quoted" ""name"" """three""" end"',
  'line\nbreak \\n \\ \r end\\',
  '# coding: latin-1 é 𝒙',
];

describe('Django, the real one, and Switchback in turns [django]', function () {
  this.timeout(120_000);
  const files = nodeFiles();
  const directory = 'shop/migrations';
  let opened: OpenProject;
  let { session, project } = {} as OpenProject;
  before(skipWithout('/usr/bin/python3', ['-c', 'import django, psycopg2']));
  const texts = {
    'manage.py': manage,
    'settings.py': settings,
    'shop/__init__.py': '',
    'shop/models.py': 'from django.db import models\nclass Thing(models.Model):\n    pass\n',
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_initial.py': first,
  };
  beforeInProject(directory, texts, (each) => ({ session, project } = opened = each));
  before(() => linkPython(project));

  const shown = async (): Promise<string> =>
    project.run({
      program: path.join(project.root, '.venv', 'bin', 'python'),
      args: ['manage.py', 'showmigrations', 'shop', '--plan'],
      folder: project.root,
    });
  const applied = async (): Promise<string[]> =>
    (await django.history(directory, session)).applied.map(({ version }) => version);

  it('applies what Django began, takes it back, and Django goes on', async () => {
    const [initial] = await django.list(project.migrations, files);
    await runTool(django, project, initial!, 'up');
    assert.deepEqual(await applied(), ['0001_initial']);

    const notes: Notes = { layout: django, name: '# coding: latin-1\nadd notes', texts: hostile };
    await writeNotes(notes, opened);
    await writeMigration(django, project, { name: 'last', up: 'select 1', down: null });
    const migrations = await django.list(project.migrations, files);
    assert.deepEqual(
      migrations.map(({ version }) => version),
      ['0001_initial', '0002_coding_latin_1_add_notes', '0003_index_notes', '0004_last'],
    );
    assert.equal(await django.script(migrations[3]!, 'down', files), null);
    await applyNotes(notes, opened);
    assert.match(
      await project.run(await django.tool!.emit!(migrations[2]!, 'down', files)),
      /drop index concurrently/,
    );

    await runTool(django, project, migrations[2]!, 'down');
    assert.deepEqual(
      await applied(),
      migrations.slice(0, 2).map(({ version }) => version),
    );
    // A row of ours, and none, are the tool's own.
    await recordOnly(django, session, migrations[2]!, 'up');
    assert.match(await shown(), /\[X\] {2}shop\.0003_index_notes/);
    await recordOnly(django, session, migrations[2]!, 'down');
    assert.match(await shown(), /\[ \] {2}shop\.0003_index_notes/);

    const theirs = await tableShape(session, 'django_migrations');
    await runTool(django, project, initial!, 'down');
    assert.deepEqual(await applied(), []);
    await session.query('drop table django_migrations');
    for (const sql of django.execution(initial!, 'up', {} as never).prepare) await session.query(sql);
    assert.deepEqual(await tableShape(session, 'django_migrations'), theirs);
    await runTool(django, project, migrations[1]!, 'up');
    assert.equal((await applied()).length, 2);
  });

  it('calls the generator of Django', async () => {
    await project.run(await django.tool!.generate!(project.migrations, 'Add thing!', files));
    const migrations = await django.list(project.migrations, files);
    assert.equal(migrations.at(-1)!.version, '0005_add_thing');
    assert.equal((await django.script(migrations.at(-1)!, 'up', files))?.sql, '');
  });
});
