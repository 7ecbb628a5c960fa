import assert from 'node:assert/strict';
import path from 'node:path';
import type { NewMigration } from '../../src/layouts/new-migration';
import { detectLayout } from '../../src/layouts/detect-layouts';
import { sealComposed } from '../../src/layouts/seal-composed';
import { sqitch } from '../../src/layouts/sqitch';
import { projectConfiguration, readConfiguration } from '../../src/layouts/sqitch-configuration';
import { canonicalUri, writtenUri } from '../../src/layouts/sqitch-id';
import { parseSqitchPlan } from '../../src/layouts/sqitch-plan';
import type { Files } from '../../src/ports/files';
import { memoryFiles } from '../support/memory-files';

const folder = path.resolve('/w/db');
const inFolder = (name: string): string => path.join(folder, ...name.split('/'));
const filesOf = (texts: Record<string, string>): ReturnType<typeof memoryFiles> =>
  memoryFiles(Object.fromEntries(Object.entries(texts).map(([name, text]) => [inFolder(name), text])));
const relative = (file: string | null): string | null =>
  file && path.relative(folder, file).split(path.sep).join('/');

/** Ids of changes and tags below are those that Sqitch 1.3.1 gave this very text. */
const plan = `%syntax-version=1.0.0
%project=shop
%uri=HTTPS://Example.org:443/a%7eb

# The first ones.
users 2024-01-31T12:00:00Z Élodie Ž <e@example.org> # The users
parts/orders [users !accounts] 2024-01-31T12:00:01Z Élodie Ž <e@example.org> # Two\\nlines
@v1.0 2024-01-31T12:00:02Z Élodie Ž <e@example.org> # First # one

  + prices   [users@v1.0 @v1.0 !other:thing]\t2024-01-31T12:00:03Z B  <b@example.org>
@v1.1 2024-01-31T12:00:04Z B <b@example.org>
users [users@v1.1] 2024-01-31T12:00:05Z B <b@example.org> # Again
`;
const ids = [
  '280fcd3b604f5cb0889ff392416ee2755681a9a9',
  '21931bfea42a81ddf6e6f1c101ca400581d27680',
  'fe0d8de2344e7cdcfb6c318e49845098d0be2cf4',
  '8f6343ce2a8ce6b6e19f6f8bc4fe77c06f85c61b',
];
const tagIds = ['a0c2e6c683bb34d934d92267643814eb5db7c5c3', '9c9022d0a8e445d303390003194fda6766207164'];
const scripts = {
  'deploy/users@v1.1.sql': 'BEGIN;\ncreate table users (id int);\nCOMMIT;\n',
  'revert/users@v1.1.sql': 'BEGIN;\ndrop table users;\nCOMMIT;\n',
  'deploy/parts/orders.sql': 'create table orders (id int);\n',
  'revert/parts/orders.sql': 'drop table orders;\n',
  'deploy/prices.sql': 'create table prices (id int);\n',
  'deploy/users.sql': 'alter table users add column name text;\n',
  'revert/users.sql': 'alter table users drop column name;\n',
  'verify/users.sql': 'select name from users where false;\n',
};
const project = (changes: Record<string, string> = {}): ReturnType<typeof memoryFiles> =>
  filesOf({ 'sqitch.plan': plan, ...scripts, ...changes });
const signed = '2024-01-31T12:00:00Z A <a@b>';
const changesOf = (...lines: string[]) =>
  parseSqitchPlan(`%project=shop\n\n${lines.join('\n')}\n`, 'sqitch.plan').changes;

describe('sqitch', () => {
  it('gives changes and tags the ids of the tool', () => {
    const { changes, uri, ...rest } = parseSqitchPlan(plan, 'sqitch.plan');
    assert.deepEqual({ uri, ...rest }, { project: 'shop', uri: 'HTTPS://Example.org:443/a%7eb' });
    assert.deepEqual(
      changes.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(
      changes.flatMap(({ tags }) => tags.map((tag) => [tag.id, tag.name, tag.note])),
      [
        [tagIds[0], '@v1.0', 'First # one'],
        [tagIds[1], '@v1.1', ''],
      ],
    );
    assert.equal(changes[1]!.note, 'Two\nlines');
    assert.deepEqual(changes[2]!.planner, { name: 'B ', email: 'b@example.org' });
    assert.deepEqual(
      changes.map(({ requires, conflicts }) =>
        [requires, conflicts].map((all) => all.map(({ text }) => text)),
      ),
      [
        [[], []],
        [['users'], ['accounts']],
        [['users@v1.0', '@v1.0'], ['other:thing']],
        [['users@v1.1'], []],
      ],
    );
    const windows = parseSqitchPlan(plan.replaceAll('\n', '\r\n'), 'sqitch.plan').changes;
    assert.deepEqual(windows, changes, 'line ends do not count');
  });

  // Each was read by App::Sqitch::Plan of Sqitch 1.3.1, which gave these names or refused it.
  it('reads lines as the tool does', () => {
    const names = (...lines: string[]): string[] => changesOf(...lines).map(({ change }) => change);
    assert.deepEqual(names(`a-1x ${signed}`, `é/ü ${signed}`, `_a_ ${signed}`, `- b ${signed}`), [
      'a-1x',
      'é/ü',
      '_a_',
      'b',
    ]);
    assert.deepEqual(names('# note', '', ' \t', `a ${signed}   # \\x`, `0123456789abcdef ${signed}`), [
      'a',
      '0123456789abcdef',
    ]);
    assert.deepEqual(
      changesOf(`a ${signed}`, `@x ${signed}`, `a [a@x] ${signed}`, `@y ${signed}`, `a ${signed}`).map(
        ({ reworkTags }) => reworkTags.join(),
      ),
      ['@x', '@y', ''],
    );
    for (const [line, why] of [
      ['a', /no change and no tag|no time/],
      ['a 2024-01-31T12:00:00Z', /planner/],
      ['a A B <a@b>', /no time/],
      ['a 2024-13-31T12:00:00Z A <a@b>', /no time/],
      [`a- ${signed}`, /no change and no tag/],
      [`a~1 ${signed}`, /no change and no tag/],
      [`a/1 ${signed}`, /no change and no tag/],
      [`HEAD ${signed}`, /keeps for itself/],
      [`0123456789012345678901234567890123456789 ${signed}`, /looks like the id/],
      [`@v1 ${signed}`, /before the first change/],
      [`a [b] ${signed}`, /"a" requires "b", which does not come before it/],
      [`a [b:c b:c] ${signed}`, /required twice/],
      [`a [:] ${signed}`, /names no change/],
      [`a ${signed}\na ${signed}`, /line 4: the change "a" is in line 3 already/],
      [`a ${signed}\n@v ${signed}\n@v ${signed}`, /the tag "v" is in line 4 already/],
      [`a ${signed}\n@v/x ${signed}`, /slash/],
      ['#', /no change and no tag/],
    ] as const)
      assert.throws(() => changesOf(line), { code: 'invalid-file', message: why }, line);
    for (const text of [
      '',
      '%project=shop',
      '%project=shop\nx=1\n\n',
      '\n%project=shop\n',
      '%project=-a\n\n',
    ])
      if (text === '%project=shop') assert.deepEqual(parseSqitchPlan(text, 'p').changes, []);
      else assert.throws(() => parseSqitchPlan(text, 'p'), { code: 'invalid-file' }, text);
  });

  it("takes a project's URI as the tool's does", () => {
    for (const [uri, canonical] of [
      ['https://github.com/x/y', 'https://github.com/x/y'],
      ['HTTPS://Example.COM:8443/A%7eb%2f', 'https://example.com:8443/A~b%2F'],
      ['http://u:P@H.com:80', 'http://u:P@h.com/'],
      ['git://GitHub.com/x', 'git://GitHub.com/x'],
      ['https://h.com/é', 'https://h.com/%C3%A9'],
    ] as const)
      assert.equal(canonicalUri(writtenUri(uri)), canonical);
  });

  it('lists changes in the order of the plan, with their files', async () => {
    const found = await sqitch.list(folder, project());
    assert.deepEqual(
      found.map(({ version, name, upPath, downPath, problems }) => [
        version,
        name,
        relative(upPath),
        relative(downPath),
        problems,
      ]),
      [
        [ids[0], 'users@v1.1', 'deploy/users@v1.1.sql', 'revert/users@v1.1.sql', undefined],
        [ids[1], 'parts/orders', 'deploy/parts/orders.sql', 'revert/parts/orders.sql', undefined],
        [ids[2], 'prices', 'deploy/prices.sql', null, undefined],
        [ids[3], 'users', 'deploy/users.sql', 'revert/users.sql', undefined],
      ],
    );
    const { 'deploy/prices.sql': _, ...others } = scripts;
    const missing = await sqitch.list(folder, filesOf({ 'sqitch.plan': plan, ...others }));
    assert.match(missing[2]!.problems!.join(), /prices is planned and has no file deploy\/prices\.sql/);
    assert.deepEqual(await sqitch.list(folder, filesOf(scripts)), []);
    assert.deepEqual(await sqitch.list(folder, filesOf({ 'sqitch.plan': '%project=shop\n\n' })), []);
    await assert.rejects(sqitch.list(folder, filesOf({ 'sqitch.plan': 'users\n' })), {
      code: 'invalid-file',
      message: /line 1/,
    });
  });

  it('is known by its plan, and by no folder of that name', async () => {
    const folderOf = (name: string): string | null => relative(sqitch.folderOf(inFolder(name)));
    assert.equal(folderOf('deploy/a.sql'), '');
    assert.equal(folderOf('deploy/parts/a.sql'), '');
    assert.equal(folderOf('pg/revert/a.sql'), 'pg');
    for (const name of ['a.sql', 'verify/a.sql', 'deploy/a.txt', 'deployed/a.sql', 'deploy.sql'])
      assert.equal(folderOf(name), null, name);

    const confidence = async (files: Files): Promise<number | null> =>
      (await sqitch.detect(folder, files))?.confidence ?? null;
    assert.equal(await confidence(project()), 0.95);
    assert.equal(await confidence(project({ 'sqitch.conf': '[core]\n  engine = pg' })), 0.95);
    assert.equal(await confidence(project({ 'sqitch.conf': '[core]\n  engine = sqlite' })), null);
    assert.equal(
      await confidence(project({ '../sqitch.conf': '[core]\nengine = mysql\n[engine "pg"]\n\ttarget = x' })),
      0.95,
    );
    assert.equal(await confidence(filesOf(scripts)), null);
    assert.equal(await confidence(filesOf({ 'sqitch.plan': 'words', ...scripts })), null);
    assert.equal((await detectLayout(folder, project()))?.layout.id, 'sqitch');
    assert.equal(
      (
        await detectLayout(
          folder,
          filesOf({ 'deploy/001_a.sql': '', '001_a.up.sql': '', '001_a.down.sql': '' }),
        )
      )?.layout.id,
      'golang-migrate',
    );
  });

  it('reads its configuration as git does', async () => {
    const settings = readConfiguration(
      '[core] engine = pg ; x\n# y\n[User]\n\tName = "A # \\"B\\"" # c\n\temail=a@b\n[engine "my pg"]\nregistry = meta\nempty\n',
    );
    assert.deepEqual(Object.fromEntries(settings), {
      'core.engine': 'pg',
      'user.name': 'A # "B"',
      'user.email': 'a@b',
      'engine.my pg.registry': 'meta',
      'engine.my pg.empty': 'true',
    });
    const files = project({ '../sqitch.conf': '[core]\ntop_dir = db\n[engine "pg"]\nregistry = meta\n' });
    assert.equal((await projectConfiguration(folder, files))!.file, inFolder('../sqitch.conf'));
    assert.deepEqual(await sqitch.historyTable!(folder, files), { schema: 'meta', name: 'changes' });
    assert.equal(await sqitch.historyTable!(folder, project()), null);
  });

  it('sends a script whole, statement by statement, and hashes its bytes', async () => {
    const text = 'BEGIN;\r\nselect 1;\r\nCOMMIT;\r\n';
    const files = project({ 'deploy/prices.sql': `\ufeff${text}` });
    const prices = (await sqitch.list(folder, files))[2]!;
    const up = (await sqitch.script(prices, 'up', files))!;
    assert.deepEqual([up.sql, up.offset, up.transaction], [text, 0, 'none']);
    assert.equal(await sqitch.script(prices, 'down', files), null);
    // sha1sum of the file without and with a byte order mark.
    assert.equal(sqitch.recordedHash(up), '8762230c4867c6fdb2d9e27a47d1ceca4aef7a66');
    assert.equal(sqitch.acceptsHash!(up, '8762230c4867c6fdb2d9e27a47d1ceca4aef7a66'), true);
    assert.equal(sqitch.acceptsHash!(up, 'dd06b0011ccf70fb9499c03955f5bd2a1a938f02'), true);
    assert.equal(sqitch.acceptsHash!(up, '0'.repeat(40)), false);
  });

  describe('a new change', () => {
    const request = {
      folder,
      name: 'Add  full name',
      up: 'create table b (id int);\n',
      down: 'drop table b;\n',
      transactional: true,
      now: new Date('2026-11-21T10:11:12.345Z'),
    };
    const conf = '[core]\nengine = pg\n[user]\nname = A B\nemail = a@b.org\n';
    const sealed = async (files: Files, changes: Partial<NewMigration> = {}) =>
      sealComposed(
        sqitch,
        sqitch.compose({ ...request, ...changes }, await sqitch.list(folder, files)),
        files,
      );
    const write = async (files: Files, of: Awaited<ReturnType<typeof sealed>>): Promise<void> => {
      for (const file of [...of.files, ...of.beside]) await files.write(file.path, file.text);
    };

    it('gets its line at the end of the plan, its scripts, and the id of the line', async () => {
      const files = project({ 'sqitch.conf': conf });
      const first = await sealed(files);
      await write(files, first);
      assert.deepEqual(
        [...first.files, ...first.beside].map((file) => relative(file.path)),
        ['deploy/add_full_name.sql', 'revert/add_full_name.sql', 'verify/add_full_name.sql', 'sqitch.plan'],
      );
      assert.equal(
        first.files[0]!.text,
        '-- Deploy shop:add_full_name to pg\n\nBEGIN;\n\ncreate table b (id int);\n\nCOMMIT;\n',
      );
      assert.equal(
        await files.read(inFolder('sqitch.plan')),
        `${plan}add_full_name 2026-11-21T10:11:12Z A B <a@b.org> # Add  full name\n`,
      );
      const [last] = (await sqitch.list(folder, files)).slice(-1);
      assert.deepEqual([last!.version, last!.name], [first.files[0]!.version, 'add_full_name']);
      assert.ok(first.files.every(({ version }) => version === last!.version));
    });

    it('goes behind a tag with an empty line, keeps line ends, and has a name of its own', async () => {
      const files = filesOf({
        'sqitch.conf': conf,
        'sqitch.plan': `%project=shop\r\n\r\na ${signed}\r\n@v1 ${signed}`,
        'deploy/a.sql': '',
        'verify/a_2.sql': 'mine',
      });
      const second = await sealed(files, { name: 'A', down: null, transactional: false });
      assert.deepEqual(
        [...second.files, ...second.beside].map((file) => relative(file.path)),
        ['deploy/a_2.sql', 'sqitch.plan'],
      );
      assert.equal(second.files[0]!.text, '-- Deploy shop:a_2 to pg\n\ncreate table b (id int);\n');
      await write(files, second);
      assert.equal(
        await files.read(inFolder('sqitch.plan')),
        `%project=shop\r\n\r\na ${signed}\r\n@v1 ${signed}\r\n\r\na_2 2026-11-21T10:11:12Z A B <a@b.org> # A\r\n`,
      );
      const empty = filesOf({ 'sqitch.conf': conf, 'sqitch.plan': '%project=shop' });
      await write(empty, await sealed(empty));
      assert.equal((await sqitch.list(folder, empty)).length, 1);
      await assert.rejects(sealed(filesOf({})), { code: 'not-found', message: /sqitch init/ });
    });

    it('keeps the line that a release which was cut off has written', async () => {
      const files = project({ 'sqitch.conf': conf });
      const composed = sqitch.compose(request, await sqitch.list(folder, files));
      const first = await sealComposed(sqitch, composed, files);
      await write(files, first);
      const later = composed.map((file) => ({ ...file, planned: { at: new Date(0), note: '' } }));
      assert.deepEqual(await sealComposed(sqitch, later, files), { files: first.files, beside: [] });
    });
  });
});
