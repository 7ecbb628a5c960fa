import assert from 'node:assert/strict';
import { withEmitted } from '../../src/journey/emitted-lint';
import { lintFiles } from '../../src/journey/lint';
import { alembic } from '../../src/layouts/alembic';
import type { Direction, Migration } from '../../src/layouts/layout';
import { wholeHistory } from '../../src/layouts/whole-history';
import { nodeFiles } from '../../src/ports/node-files';
import { testContext } from '../support/journey-context';
import { appliedVersions, beforeInProject, runTool, type OpenProject } from '../layouts/code/tool-project';
import { linkPython, tableShape } from './debian';
import { applyNotes, recordOnly, writeNotes, type Notes } from './notes';
import { skipWithout } from './programs';

const environment = `from alembic import context
import os
import sqlalchemy as sa

def url():
    return "postgresql+psycopg2://"

if context.is_offline_mode():
    context.configure(url=url(), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url()).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
`;

const first = `"""create orders"""
from alembic import op

revision = "1a2b3c4d5e6f"
down_revision = None


def upgrade() -> None:
    op.execute("create table orders (id int)")


def downgrade() -> None:
    op.execute("drop table orders")
`;

/** Texts that SQLAlchemy, Python or psycopg might change, each in a string of SQL. */
const hostile = [
  ":a ':b' x::int a:b \\:c \\\\:d [[:alpha:]] :e: :f::g :h$ ::i \\::j '10:20'",
  '%s %(name)s %% 100% {x} {{y}} ${z} #{q}',
  'a "quoted" ""name"" """three""" end"',
  'line\nbreak \\n \\ \r end\\',
  '# coding: latin-1 é 𝒙',
];

describe('Alembic, the real one, and Switchback in turns [alembic]', function () {
  this.timeout(120_000);
  const files = nodeFiles();
  let opened: OpenProject;
  let { session, project } = {} as OpenProject;
  before(skipWithout('/usr/bin/python3', ['-c', 'import alembic, psycopg2']));
  const texts = {
    'alembic.ini': '[alembic]\nscript_location = migrations\n',
    'migrations/env.py': environment,
    'migrations/script.py.mako':
      '"""${message}"""\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\ndef upgrade():\n    pass\ndef downgrade():\n    pass\n',
    'migrations/versions/1a2b3c4d5e6f_create_orders.py': first,
  };
  beforeInProject('migrations/versions', texts, (each) => ({ session, project } = opened = each));
  before(() => linkPython(project));

  const tool = async (...args: string[]): Promise<string> => {
    const [one] = await alembic.list(project.migrations, files);
    const command = await alembic.tool!.run!.command(one!, 'up', files);
    return project.run({ ...command, args: ['-m', 'alembic', ...args] });
  };
  const applied = async (): Promise<string[]> => {
    const migrations = await alembic.list(project.migrations, files);
    const history = wholeHistory(await alembic.history('migrations/versions', session), migrations);
    const rows = new Set(history.applied.map(({ version }) => version));
    return migrations.map(({ version }) => version).filter((version) => rows.has(version));
  };
  const record = (migration: Migration, direction: Direction): Promise<void> =>
    recordOnly(alembic, session, migration, direction);

  it('prints what is judged, without its own history', async () => {
    const context = testContext(project.root);
    const [{ upPath }] = (await alembic.list(project.migrations, files)) as [Migration];
    const { files: linted } = await withEmitted(context, await lintFiles(context, [upPath]));
    assert.deepEqual(
      linted[0]!.statements.map(({ kind, direction, start }) => [kind, direction, start.line]),
      [
        ['TransactionStmt', 'up', 9],
        ['CreateStmt', 'up', 9],
        ['TransactionStmt', 'up', 9],
        ['TransactionStmt', 'down', 13],
        ['DropStmt', 'down', 13],
        ['TransactionStmt', 'down', 13],
      ],
    );
  });

  it('makes the table as Alembic makes it', async () => {
    const [one] = await alembic.list(project.migrations, files);
    await record(one!, 'up');
    const ours = await tableShape(session, 'alembic_version');
    await session.query('drop table alembic_version');
    await runTool(alembic, project, one!, 'up');
    assert.deepEqual(await tableShape(session, 'alembic_version'), ours);
    assert.deepEqual(await applied(), ['1a2b3c4d5e6f']);
  });

  it('writes what Alembic applies as it is, takes it back, and Alembic goes on', async () => {
    const [one] = await alembic.list(project.migrations, files);
    const notes: Notes = { layout: alembic, name: 'add notes "of\norders"', texts: hostile };
    await writeNotes(notes, opened);
    const migrations = await alembic.list(project.migrations, files);
    assert.equal(migrations.length, 3);
    assert.deepEqual(
      migrations.map(({ follows }) => follows),
      [
        [],
        [{ version: one!.version, alsoBefore: [] }],
        [{ version: migrations[1]!.version, alsoBefore: [] }],
      ],
    );
    assert.match(
      await project.run(await alembic.tool!.emit!(migrations[1]!, 'up', files)),
      /CREATE TABLE|create table notes/,
    );
    await applyNotes(notes, opened);
    assert.deepEqual(
      await applied(),
      migrations.map(({ version }) => version),
    );

    await runTool(alembic, project, migrations[2]!, 'down');
    assert.match(await tool('current'), new RegExp(migrations[1]!.version));
    await record(migrations[2]!, 'up');
    assert.match(await tool('current'), new RegExp(`${migrations[2]!.version} \\(head\\)`));
    await record(migrations[2]!, 'down');
    assert.match(await tool('current'), new RegExp(migrations[1]!.version));
  });

  it('keeps the rows of branches and of what joins them as Alembic does', async () => {
    const [, second, third] = await alembic.list(project.migrations, files);
    await tool('upgrade', 'head');
    const generated = await project
      .run(await alembic.tool!.generate!(project.migrations, 'unused', files))
      .catch((error: Error) => error.message);
    // The environment names no models to compare with.
    assert.match(generated, /target_metadata|MetaData/i);
    await tool('revision', '--splice', '--head', second!.version, '--rev-id', 'bbbbbbbbbbbb', '-m', 'branch');
    await tool('merge', 'heads', '--rev-id', 'cccccccccccc', '-m', 'join');
    const states = async (
      act: (migration: Migration, direction: Direction) => Promise<unknown>,
    ): Promise<string[][]> => {
      const migrations = await alembic.list(project.migrations, files);
      const by = (version: string): Migration => migrations.find((each) => each.version === version)!;
      const seen: string[][] = [];
      const steps: [string, Direction][] = [
        ['bbbbbbbbbbbb', 'up'],
        ['cccccccccccc', 'up'],
        ['cccccccccccc', 'down'],
      ];
      for (const [version, direction] of steps) {
        await act(by(version), direction);
        seen.push((await appliedVersions(alembic, session)).sort());
      }
      return seen;
    };
    const theirs = await states((migration, direction) => runTool(alembic, project, migration, direction));
    await session.query(`delete from alembic_version where version_num = 'bbbbbbbbbbbb'`);
    const ours = await states(record);
    assert.deepEqual(ours, theirs);
    assert.deepEqual(ours, [
      [third!.version, 'bbbbbbbbbbbb'].sort(),
      ['cccccccccccc'],
      [third!.version, 'bbbbbbbbbbbb'].sort(),
    ]);
    assert.equal((await applied()).length, 4);
  });
});
