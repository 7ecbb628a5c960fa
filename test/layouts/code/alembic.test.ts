import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../../src/database/session';
import { alembic } from '../../../src/layouts/alembic';
import { detectLayout } from '../../../src/layouts/detect-layouts';
import type { RunByTool } from '../../../src/layouts/layout-tool';
import { migrationStatuses } from '../../../src/layouts/migration-status';
import { memoryFiles } from '../../support/memory-files';
import { beforeInDatabase } from '../../support/before-in-database';

const root = path.resolve('/w');
const folder = path.join(root, 'migrations', 'versions');

function revision(id: string, parents: string, extra = ''): string {
  return `"""${id}"""\nfrom alembic import op\nrevision: str = "${id}"\ndown_revision = ${parents}\n${extra}\ndef upgrade() -> None:\n    pass\n\ndef downgrade() -> None:\n    pass\n`;
}

function filesOf(texts: Record<string, string>): ReturnType<typeof memoryFiles> {
  return memoryFiles(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [path.join(folder, name), text])),
  );
}

describe('Alembic: files', () => {
  const text = `"""note é"""
from alembic import op
import sqlalchemy as sa
from textwrap import dedent

revision = 'a1'
down_revision = None
TABLE = "orders"
ADD = f"alter table {TABLE} add column note text"


def helper(bind):
    bind.execute(sa.text(r"""update orders set note = ':x\\:y' where id = :id""").bindparams(id=1))


def upgrade() -> None:
    op.execute(ADD)
    op.execute("create index on orders (note) " "where note <> '\\t'" + suffix())
    op.execute(
        dedent('''
        insert into %s values (1)
        ''' % TABLE)
    )
    op.add_column("orders", sa.Column("x", sa.Text(), server_default=sa.text("now()")))
    helper(op.get_bind())
    with op.get_context().autocommit_block():
        op.execute(sqltext="vacuum {}".format(TABLE))


def downgrade() -> None:
    raise NotImplementedError()
`;

  it('reads the SQL of both directions where it stands', async () => {
    for (const source of [text, text.replaceAll('\n', '\r\n')]) {
      const files = filesOf({ 'a1_note.py': source });
      const [migration] = await alembic.list(folder, files);
      const up = (await alembic.script(migration!, 'up', files))!;
      assert.equal(
        up.sql.replace(/\s+/g, ' ').trim(),
        [
          'alter table ${xxxx} add column note text;',
          "update orders set note = ':x :y' where id = :id;",
          "create index on orders (note) where note <> ' '${xxxxxxxxx};",
          'insert into xx values (1) ; vacuum xx;',
        ].join(' '),
      );
      for (const words of ['create index', 'insert into', 'update orders', 'vacuum'])
        assert.equal(source.indexOf(words), up.offset + up.sql.indexOf(words));
      assert.equal(up.transaction, 'none');
      assert.equal(await alembic.script(migration!, 'down', files), null);
    }
  });

  it('is listed by what goes on from what, with what does not fit together told', async () => {
    const files = filesOf({
      '__init__.py': '',
      'a_merge.py': revision('e', '("c", \'d\')'),
      'b_third.py': revision('c', "'b'"),
      'c_first.py': revision('a', 'None'),
      'd_second.py': revision('b', '"a"'),
      'd_side.py': revision('d', '[\n    "b",  # the second\n]'),
      'e_twin.py': revision('b', '"a"'),
      'f_other.py': revision('f', '"gone"'),
      'no_revision.py': 'def upgrade(): pass\n',
      'old.py.txt': revision('x', 'None'),
    });
    const migrations = await alembic.list(folder, files);
    assert.deepEqual(
      migrations.map(({ version }) => version),
      ['a', 'b', 'c', 'd', 'e', 'f'],
    );
    assert.deepEqual(migrations[4]!.follows, [
      { version: 'c', alsoBefore: [] },
      { version: 'd', alsoBefore: [] },
    ]);
    assert.deepEqual(migrations[2]!.follows, [{ version: 'b', alsoBefore: ['d'] }]);
    assert.deepEqual(
      migrations.flatMap(({ problems = [] }) => problems).map((sentence) => sentence.split(' ')[0]),
      ['e_twin.py', 'Several', 'f_other.py'],
    );
    const circle = filesOf({ 'a.py': revision('a', '"b"'), 'b.py': revision('b', '"a"') });
    for (const { problems } of await alembic.list(folder, circle)) assert.equal(problems?.length, 1);
  });

  it('is told by what the files say', async () => {
    const files = filesOf({ 'a1_note.py': text });
    assert.equal((await detectLayout(folder, files))?.layout.id, 'alembic');
    await files.write(path.join(root, 'alembic.ini'), '');
    assert.equal((await detectLayout(folder, files))?.evidence.confidence, 0.95);
    const plain = filesOf({ 'a1_note.py': 'def upgrade(): pass\nrevision = 1\n' });
    assert.equal(await detectLayout(folder, plain), null);
  });

  it('names new files as the folder does, after its last revision', () => {
    const request = {
      folder,
      name: 'Add "notes"',
      up: '',
      down: null,
      transactional: true,
      now: new Date('2026-03-04T05:06:07Z'),
    };
    const [fresh] = alembic.compose(request, []);
    assert.match(path.basename(fresh!.path), /^[0-9a-f]{12}_add_notes\.py$/);
    assert.deepEqual(alembic.compose(request, []), [fresh]);
    const last = {
      version: '0007',
      name: 'x',
      folder,
      layout: 'alembic' as const,
      upPath: path.join(folder, '2024_01_02_1530-0007_x.py'),
      downPath: null,
    };
    const [next] = alembic.compose(request, [last]);
    assert.equal(path.basename(next!.path), '2026_03_04_0506-0008_add_notes.py');
  });

  it('calls the Python of the project where its configuration is', async () => {
    const files = filesOf({ 'b.py': revision('b', '"a"'), 'a.py': revision('a', 'None') });
    const [first, second] = await alembic.list(folder, files);
    const command: RunByTool['command'] = (...asked) => alembic.tool!.run!.command(...asked);
    await assert.rejects(command(first!, 'up', files), { code: 'not-found' });
    await files.write(path.join(root, 'alembic.ini'), '');
    assert.deepEqual(await command(second!, 'down', files), {
      program: process.platform === 'win32' ? 'python' : 'python3',
      args: ['-m', 'alembic', 'downgrade', 'a'],
      folder: root,
    });
    await files.write(path.join(root, 'venv', 'bin', 'python'), '');
    const back = await command(first!, 'down', files);
    assert.deepEqual([back.program, back.args.at(-1)], [path.join(root, 'venv', 'bin', 'python'), 'base']);
    // Flask-Migrate's own folder.
    await files.remove(path.join(root, 'alembic.ini'));
    await files.write(path.join(root, 'migrations', 'alembic.ini'), '');
    await files.write(path.join(root, 'migrations', 'env.py'), 'from flask import current_app\n');
    const flask = await command(second!, 'up', files);
    assert.deepEqual([flask.args, flask.folder], [['-m', 'flask', 'db', 'upgrade', 'b'], root]);
    await files.write(
      path.join(root, 'migrations', 'env.py'),
      'context.configure(version_table="applied",\n  version_table_schema=\'audit\')\n',
    );
    assert.deepEqual(await alembic.historyTable!(folder, files), { schema: 'audit', name: 'applied' });
  });
});

/** The rows as Alembic's `HeadMaintainer` (alembic/runtime/migration.py) leaves them; test/tools compares with the real one. */
for (const major of [12, 18] as const) {
  describe(`Alembic: rows on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));

    it('keeps the last revisions only, which stand for all before them', async () => {
      const files = filesOf({
        'a.py': revision('a', 'None'),
        'b.py': revision('b', '"a"'),
        'c.py': revision('c', '"a"'),
        'd.py': revision('d', '("b", "c")'),
      });
      const migrations = await alembic.list(folder, files);
      assert.deepEqual(
        migrations.map(({ version }) => version),
        ['a', 'b', 'c', 'd'],
      );
      const record = async (version: string, direction: 'up' | 'down'): Promise<string[]> => {
        const migration = migrations.find((each) => each.version === version)!;
        const execution = alembic.execution(migration, direction, {} as never);
        for (const sql of execution.prepare) await session.query(sql);
        for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
        return (await alembic.history('migrations/versions', session)).applied.map((row) => row.version);
      };
      const applied = async (): Promise<string[]> => {
        const history = await alembic.history('migrations/versions', session);
        const none = new Map<string, null>();
        return migrationStatuses({ migrations, history, layout: alembic, up: none, down: none })
          .filter(({ state }) => state === 'applied')
          .map(({ version }) => version);
      };
      assert.equal((await alembic.history('migrations/versions', session)).exists, false);
      assert.deepEqual(await record('a', 'up'), ['a']);
      assert.deepEqual(await record('b', 'up'), ['b']);
      assert.deepEqual(await applied(), ['a', 'b']);
      assert.deepEqual(await record('c', 'up'), ['b', 'c']);
      assert.deepEqual(await record('d', 'up'), ['d']);
      assert.deepEqual(await applied(), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await record('d', 'down'), ['b', 'c']);
      assert.deepEqual(await record('c', 'down'), ['b']);
      assert.deepEqual(await record('b', 'down'), ['a']);
      assert.deepEqual(await record('a', 'down'), []);
    });
  });
}
