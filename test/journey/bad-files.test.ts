import assert from 'node:assert/strict';
import path from 'node:path';
import { applyMigration } from '../../src/journey/apply-file';
import { draftPlan } from '../../src/journey/plan';
import { assessChange } from '../../src/journey/assess';
import { loadPlan } from '../../src/journey/plans';
import { lintFiles } from '../../src/journey/lint';
import { readStatus } from '../../src/journey/migrations';
import { openTerminal } from '../cli/terminal';
import { testMajors } from '../support/servers';
import { assertSays, assertSentence, openJourney, type Journey } from './journey';

const files: Record<string, string | Uint8Array> = {
  'migrations/000001_items.up.sql': 'create table items (id bigint primary key, name text);\n',
  'migrations/000001_items.down.sql': 'drop table items;\n',
  'migrations/000002_broken.up.sql':
    'create table never (id bigint);\n\nalter table items addd column price int;\n',
  'migrations/000002_broken.down.sql': 'drop table never;\n',
  'migrations/000003_latin.up.sql': Buffer.from("comment on table items is 'Stückgut';\n", 'latin1'),
  'migrations/000003_latin.down.sql': 'comment on table items is null;\n',
};

for (const major of testMajors) {
  describe(`files that cannot be used (PostgreSQL ${major})`, function () {
    this.timeout(60_000);
    let journey: Journey;
    const apply = (name: string) =>
      applyMigration(journey.context, journey.database, path.join(journey.root, 'migrations', name));
    const history = async () =>
      (await journey.look.query('select version::text, dirty from schema_migrations')).rows;

    before(async () => {
      journey = await openJourney(major, '', files);
      await apply('000001_items.up.sql');
    });
    after(() => journey?.close());

    it('a migration file that does not parse', async () => {
      const file = path.join(journey.root, 'migrations', '000002_broken.up.sql');
      await assertSays(
        apply('000002_broken.up.sql'),
        'syntax-error',
        'migrations/000002_broken.up.sql, line 3',
        '"addd"',
        'Nothing of it was kept',
        'Correct the file and apply it again',
      );
      assert.deepEqual(await history(), [{ version: '1', dirty: false }]);
      const { rows } = await journey.look.query(`select to_regclass('never') as never`);
      assert.deepEqual(rows, [{ never: null }]);
      const linted = await lintFiles(journey.context, [file]);
      const finding = linted.files[0]!.findings.find((item) => item.rule === 'syntax-error');
      assert.match(finding?.message ?? '', /addd/);
    });

    it('a file that is not UTF-8', async () => {
      const [folder] = await readStatus(journey.context, journey.database.session);
      assert.equal(folder!.statuses.length, 3);
      assert.equal(folder!.problems.length, 1, folder!.problems.join('\n'));
      assertSentence(folder!.problems[0]!, '000003_latin.up.sql', 'is not UTF-8', 'Save it as UTF-8');
      await assertSays(
        apply('000003_latin.up.sql'),
        'invalid-file',
        '000003_latin.up.sql',
        'Save it as UTF-8',
      );
      assert.deepEqual(await history(), [{ version: '1', dirty: false }]);
    });

    it('a plan whose front matter does not parse', async () => {
      const change = {
        kind: 'rename-column',
        table: { schema: 'public', name: 'items' },
        from: 'name',
        to: 'title',
      } as const;
      const draft = await draftPlan(
        journey.context,
        await assessChange(journey.context, journey.database, change),
      );
      const folder = path.join(journey.root, 'plans', draft.plan.id);
      await journey.context.files.write(path.join(folder, 'plan.md'), '---\nstate: [\n---\n');
      await assertSays(loadPlan(journey.context, folder), 'invalid-file', 'plan.md', /line \d/);
      await journey.context.files.remove(folder);
    });
  });

  describe(`a history table that cannot be read (PostgreSQL ${major})`, function () {
    this.timeout(60_000);

    it('belongs to another tool: the folder has a problem, the rest of the status stands', async () => {
      const terminal = await openTerminal(major, {
        'migrations/000001_a.up.sql': 'create table a ();\n',
        'migrations/000001_a.down.sql': 'drop table a;\n',
        'pairs/001_b.sql': 'create table b ();\n',
        'pairs/001_b_rollback.sql': 'drop table b;\n',
      });
      try {
        await terminal.session.query('create table schema_migrations (version varchar primary key)');
        const answer = await terminal.run('status', '--format', 'json');
        assert.equal(answer.exitCode, 1, answer.told.join('\n'));
        const { folders } = answer.json<{
          folders: { label: string; problems: string[]; statuses: unknown[] }[];
        }>();
        const [migrations, pairs] = ['migrations', 'pairs'].map((label) =>
          folders.find((folder) => folder.label === label),
        );
        assert.equal(migrations!.problems.length, 1);
        assertSentence(
          migrations!.problems[0]!,
          'What is applied of migrations is not known',
          'public.schema_migrations',
          'choose the database or the migrations folder',
        );
        assert.deepEqual(pairs!.problems, []);
        assert.equal(pairs!.statuses.length, 1);
        assert.match((await terminal.run('status')).out, /is not known/);
        const linted = await terminal.succeed('lint', 'migrations');
        assert.match(linted.told.join('\n'), /What is applied of migrations is not known/);
      } finally {
        await terminal.close();
      }
    });

    it('may not be read by this role', async () => {
      const journey = await openJourney(
        major,
        `create role reader_${major} login; create schema other;
         create table schema_migrations (version bigint not null primary key, dirty boolean not null);`,
        { ...files, 'migrations/000003_latin.up.sql': 'select 1;' },
      );
      try {
        await journey.look.query(`alter role reader_${major} password '${journey.test.password}'`);
        const reader = await journey.connect({ user: `reader_${major}` });
        const [folder] = await readStatus(journey.context, reader.session);
        assert.equal(folder!.problems.length, 1, folder!.problems.join('\n'));
        assertSentence(folder!.problems[0]!, 'schema_migrations', 'Its owner can allow it');
        assert.equal(folder!.statuses.length, 3);
        await reader.close();
        await journey.look.query(`drop role reader_${major}`);
      } finally {
        await journey.close();
      }
    });
  });
}
