import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyMigration } from '../../src/journey/apply-file';
import { lintFiles } from '../../src/journey/lint';
import { readStatus, type FolderStatus } from '../../src/journey/migrations';
import { SwitchbackError } from '../../src/messages/error';
import type { Files } from '../../src/ports/files';
import { testMajors } from '../support/servers';
import { assertSays, assertSentence, openJourney, type Journey } from './journey';

const good = {
  'good/001_ok.sql': 'create table ok (id int primary key);\n',
  'good/001_ok_rollback.sql': 'drop table ok;\n',
};
const up = (name: string): string => `create table ${name} (id int primary key);\n`;
const pair = (folder: string, version: string, name: string): Record<string, string> => ({
  [`${folder}/${version}_${name}.up.sql`]: up(name),
  [`${folder}/${version}_${name}.down.sql`]: `drop table ${name};\n`,
});

for (const major of testMajors) {
  describe(`migration folders as nobody wants them (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    afterEach(() => journey?.close());

    const file = (name: string): string => path.join(journey.root, ...name.split('/'));
    const open = async (files: Record<string, string | Uint8Array>, sql = ''): Promise<void> => {
      journey = await openJourney(major, sql, { ...good, ...files });
    };
    const status = async (label: string): Promise<FolderStatus> => {
      const folders = await readStatus(journey.context, journey.database.session);
      const found = folders.find((folder) => folder.label === label);
      assert.ok(found, `${label} is not among ${folders.map((folder) => folder.label).join(', ')}`);
      return found;
    };
    const findings = async (): Promise<Map<string, string[]>> => {
      const { files } = await lintFiles(journey.context, [journey.root]);
      return new Map(
        files.map(({ path: linted, findings: found }) => [
          path.relative(journey.root, linted).split(path.sep).join('/'),
          found
            .filter(({ rule, severity }) => severity === 'error' || rule === 'not-analysed')
            .map(({ message }) => message),
        ]),
      );
    };
    const apply = (name: string) => applyMigration(journey.context, journey.database, file(name));
    /** Status, lint and apply of another folder of the workspace. */
    const restWorks = async (): Promise<Map<string, string[]>> => {
      await apply('good/001_ok.sql');
      const { statuses, problems, clashes } = await status('good');
      assert.deepEqual([statuses.map(({ state }) => state), problems, clashes], [['applied'], [], []]);
      const found = await findings();
      assert.deepEqual(found.get('good/001_ok.sql'), []);
      return found;
    };

    it("two tools' files in one folder", async () => {
      await open({
        ...pair('m', '000001', 'a'),
        ...pair('m', '000002', 'b'),
        'm/00003_c.sql': `-- +goose Up\n${up('c')}-- +goose Down\ndrop table c;\n`,
      });
      const { title, clashes } = await status('m');
      assert.equal(title, 'golang-migrate');
      assert.deepEqual(
        clashes.map(({ kind }) => kind),
        ['not-run'],
      );
      assertSentence(
        clashes[0]!.sentence,
        '00003_c.sql',
        'as goose names its files',
        'golang-migrate',
        'a folder of its own',
      );
      await restWorks();
      await apply('m/000001_a.up.sql');
      await assertSays(
        apply('m/00003_c.sql'),
        'not-found',
        '00003_c.sql',
        'is not a migration of this workspace',
      );
    });

    it('two tools whose names are alike: the one with the marks is told from the one without', async () => {
      const dbmate = (name: string): string =>
        `-- migrate:up\n${up(name)}-- migrate:down\ndrop table ${name};\n`;
      await open({
        'm/20240101000000_a.sql': dbmate('a'),
        'm/20240102000000_b.sql': dbmate('b'),
        'm/20240103000000_c.sql': `-- +goose Up\n${up('c')}-- +goose Down\ndrop table c;\n`,
        'm/20240104000000_d.sql': dbmate('d'),
      });
      const { title, problems } = await status('m');
      assert.equal(title, 'dbmate');
      assertSentence(problems[0]!, '20240103000000_c.sql', 'migrate:up');
      const found = await restWorks();
      assert.equal(found.get('m/20240103000000_c.sql')!.length, 1);
      await apply('m/20240101000000_a.sql');
    });

    it('duplicate versions', async () => {
      await open({ ...pair('m', '000001', 'a'), ...pair('m', '000001', 'b'), ...pair('m', '000002', 'c') });
      const { clashes, statuses } = await status('m');
      assert.deepEqual(
        statuses.map(({ version }) => version),
        ['1', '2'],
      );
      assert.deepEqual(
        clashes.map(({ kind }) => kind),
        ['same-version', 'same-version'],
      );
      assertSentence(
        clashes[0]!.sentence,
        '000001_b',
        'has the same version as 000001_a.up.sql',
        'Rename one of them',
      );
      const found = await restWorks();
      assert.equal(found.get('m/000001_a.up.sql')!.length, 2);
    });

    it('gaps: no tool minds, and neither does anything here', async () => {
      await open({ ...pair('m', '000001', 'a'), ...pair('m', '000005', 'b'), ...pair('m', '000090', 'c') });
      await apply('m/000001_a.up.sql');
      await apply('m/000005_b.up.sql');
      const { statuses, clashes, problems } = await status('m');
      assert.deepEqual(
        [statuses.map(({ state }) => state), clashes, problems],
        [['applied', 'applied', 'pending'], [], []],
      );
      const found = await restWorks();
      assert.deepEqual(found.get('m/000090_c.up.sql'), []);
    });

    it('a history table with rows that have no file', async () => {
      await open(
        { 'm/20240101000000_a.sql': `-- migrate:up\n${up('a')}-- migrate:down\ndrop table a;\n` },
        `create table schema_migrations (version varchar primary key);
         insert into schema_migrations select '20230101' || lpad(i::text, 6, '0') from generate_series(1, 7) i`,
      );
      const { clashes, statuses } = await status('m');
      assert.equal(statuses.filter(({ state }) => state === 'missing').length, 7);
      assert.deepEqual(
        clashes.map(({ kind }) => kind),
        ['elsewhere'],
      );
      assertSentence(
        clashes[0]!.sentence,
        'without a file on this branch',
        '20230101000001',
        'and 2 more',
        'Another branch may have it',
      );
      await apply('m/20240101000000_a.sql');
      await restWorks();
    });

    it('a file that cannot be read, and a folder where a file should be', async () => {
      await open({ ...pair('m', '000001', 'a'), ...pair('m', '000002', 'b'), ...pair('m', '000004', 'd') });
      await mkdir(file('m/000003_c.up.sql'));
      const unreadable = file('m/000002_b.up.sql');
      const read = async (files: Files, asked: string): Promise<string | null> => {
        if (asked === unreadable)
          throw new SwitchbackError(
            'invalid-file',
            `${asked} cannot be read: EACCES: permission denied. Check its permissions.`,
          );
        return files.readIfExists(asked);
      };
      const { files } = journey.context;
      journey.context.files = {
        ...files,
        readIfExists: (asked) => read(files, asked),
        read: async (asked) => (await read(files, asked)) ?? files.read(asked),
      };
      const { problems, statuses } = await status('m');
      assert.deepEqual(
        statuses.map(({ version }) => version),
        ['1', '2', '4'],
      );
      assertSentence(problems[0]!, '000002_b.up.sql', 'cannot be read', 'Check its permissions');
      const found = await restWorks();
      assert.match(found.get('m/000002_b.up.sql')!.join(), /cannot be read/);
      assert.deepEqual(found.get('m/000004_d.up.sql'), []);
      await apply('m/000001_a.up.sql');
      await assertSays(apply('m/000002_b.up.sql'), 'invalid-file', 'cannot be read');
    });

    it('a loop of symbolic links, of folders and of files, and a link to nowhere', async () => {
      await open({ ...pair('m', '000001', 'a'), 'm/000002_b.down.sql': 'drop table b;\n' });
      await symlink(journey.root, file('m/around'));
      await symlink(file('good'), file('good/again'));
      await symlink(file('m/000002_b.up.sql'), file('m/000002_b.up.sql'));
      await symlink(file('m/nowhere.sql'), file('m/000003_c.up.sql'));
      const { problems, statuses } = await status('m');
      assert.deepEqual(
        statuses.map(({ version }) => version),
        ['1', '2'],
      );
      assert.equal(problems.length, 1);
      assertSentence(problems[0]!, '000002_b.up.sql', 'cannot be read', 'symbolic links');
      const found = await restWorks();
      assert.equal(
        [...found.keys()].filter((name) => name.includes('around') || name.includes('again')).length,
        0,
      );
      await apply('m/000001_a.up.sql');
      await assertSays(apply('m/000002_b.up.sql'), 'invalid-file', 'cannot be read');
    });

    // Nothing of it depends on the server.
    if (major === testMajors.at(-1))
      it('a file of 50 MB', async () => {
        await open({ ...pair('m', '000001', 'a'), ...pair('m', '000003', 'c') });
        const row = `insert into a values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10) on conflict do nothing;\n`;
        await writeFile(file('m/000002_b.up.sql'), row.repeat(Math.ceil(50_500_000 / row.length)));
        await writeFile(file('m/000002_b.down.sql'), 'delete from a;\n');
        await writeFile(file('m/000004_d.up.sql'), row.repeat(Math.ceil(49_000_000 / row.length)));
        await writeFile(file('m/000004_d.down.sql'), 'delete from a;\n');
        const { problems, statuses } = await status('m');
        assert.deepEqual(
          statuses.map(({ version }) => version),
          ['1', '2', '3', '4'],
        );
        assert.equal(problems.length, 1);
        assertSentence(problems[0]!, '000002_b.up.sql', 'larger than 50 MB', 'split it');
        const found = await restWorks();
        assert.match(found.get('m/000002_b.up.sql')!.join(), /larger than 50 MB/);
        assertSentence(
          found.get('m/000004_d.up.sql')!.join(),
          'longer than 5 million characters',
          'Split it',
        );
        assert.deepEqual(found.get('m/000003_c.up.sql'), []);
        await apply('m/000001_a.up.sql');
      });

    it('line ends of Windows, byte order marks and UTF-16', async () => {
      const utf16 = (text: string, mark: boolean): Buffer =>
        Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
      await open({
        'm/000001_a.up.sql': up('a').replaceAll('\n', '\r\n').replace('(', '(\r\n  '),
        'm/000001_a.down.sql': 'drop table a;\r\n',
        'm/000002_b.up.sql': `\uFEFF${up('b')}`,
        'm/000002_b.down.sql': '\uFEFFdrop table b;\r\n',
        'm/000003_little.up.sql': utf16(up('little'), true),
        'm/000004_big.up.sql': utf16(up('big'), true).swap16(),
        'm/000005_none.up.sql': utf16(up('none'), false),
      });
      const { problems, clashes } = await status('m');
      assert.deepEqual(clashes, []);
      assert.equal(problems.length, 3, problems.join('\n'));
      assertSentence(problems[0]!, '000003_little.up.sql', 'is UTF-16 text', 'Save it as UTF-8');
      assertSentence(problems[1]!, '000004_big.up.sql', 'is UTF-16 text', 'Save it as UTF-8');
      assertSentence(problems[2]!, '000005_none.up.sql', 'zero bytes', 'Save it as UTF-8');
      const found = await restWorks();
      assert.deepEqual([found.get('m/000001_a.up.sql'), found.get('m/000002_b.up.sql')], [[], []]);
      assert.match(found.get('m/000003_little.up.sql')!.join(), /is UTF-16 text/);
      await apply('m/000001_a.up.sql');
      await apply('m/000002_b.up.sql');
      await assertSays(apply('m/000003_little.up.sql'), 'invalid-file', 'is UTF-16 text');
      const { rows } = await journey.look.query(
        "select to_regclass('a') is not null and to_regclass('b') is not null as made",
      );
      assert.deepEqual(rows, [{ made: true }]);
    });

    it('names that look like versions and are not', async () => {
      await open({
        ...pair('m', '000001', 'a'),
        'm/2024-report.sql': 'select 1;\n',
        'm/000002.sql': 'select 1;\n',
        'm/3d_model.sql': 'select 1;\n',
        'm/99999999999999999999_high.up.sql': 'select 1;\n',
        'm/000003_late.sql.bak': 'select 1;\n',
        'm/v2_schema.sql': 'select 1;\n',
        'm/seed.sql': 'select 1;\n',
      });
      const { clashes, statuses, problems } = await status('m');
      assert.deepEqual([statuses.map(({ version }) => version), problems], [['1'], []]);
      assert.deepEqual(
        clashes.map(({ kind }) => kind),
        ['not-run'],
      );
      assertSentence(
        clashes[0]!.sentence,
        '000002.sql, 2024-report.sql, 3d_model.sql, 99999999999999999999_high.up.sql, v2_schema.sql',
        'golang-migrate never runs them',
        'Rename them',
      );
      await restWorks();
      await apply('m/000001_a.up.sql');
    });
  });
}
