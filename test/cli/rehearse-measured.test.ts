import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { switchback } from './support';

const schemas = path.resolve(__dirname, '../../schemas');

interface Statement {
  direction: string;
  kind: string;
  start: { line: number; column: number };
  locks: { relation: string; mode: string }[];
  work: string;
  blocks: string[];
  depth: string;
  milliseconds: number | null;
  error: string | null;
  notes: string[];
}

interface Measured {
  migrations: { verdict: string; statements: Statement[] }[];
}

describe('switchback rehearse --measure', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-measured-'));
    await mkdir(path.join(folder, 'migrations'));
    const files = {
      '1_users.sql':
        '-- migrate:up\ncreate table users (id bigint primary key, email text);\n\n-- migrate:down\ndrop table users;\n',
      '2_note.sql':
        "-- migrate:up\nset local lock_timeout = '1s';\nalter table users add note text;\ncreate index users_email on users (email);\n\n-- migrate:down\ndrop index users_email;\nalter table users drop note;\n",
      '3_alone.sql':
        '-- migrate:up transaction:false\ncreate index concurrently later on users (note);\n\n-- migrate:down transaction:false\ndrop index later;\n',
    };
    for (const [name, text] of Object.entries(files))
      await writeFile(path.join(folder, 'migrations', name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const rehearse = (...words: string[]) =>
    switchback(folder, {}, 'rehearse', 'migrations', '--shadow', 'embedded', '--measure', ...words);

  it('has each statement in its JSON, placed in its file, as its schema says', async () => {
    const answer = await rehearse('--format', 'json');
    assert.equal(answer.exitCode, 0, answer.told.join('\n'));
    const rehearsal = answer.json<Measured>();
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(await readFile(path.join(schemas, 'rehearse.schema.json'), 'utf8')) as object,
    );
    assert.ok(validate(rehearsal), JSON.stringify(validate.errors));
    assert.deepEqual(
      rehearsal.migrations.map(({ statements }) =>
        statements.map(({ direction, start, locks, work, depth }) =>
          [direction, start.line, locks.map(({ mode }) => mode).join(), work, depth].join(' '),
        ),
      ),
      [
        ['up 2  catalog measured', 'down 5 AccessExclusiveLock,AccessExclusiveLock catalog measured'],
        [
          'up 2  none measured',
          'up 3 AccessExclusiveLock catalog measured',
          'up 4 ShareLock index-build measured',
          'down 7 AccessExclusiveLock,AccessExclusiveLock catalog measured',
          'down 8 AccessExclusiveLock catalog measured',
        ],
        [
          'up 2 ShareUpdateExclusiveLock index-build catalog',
          'down 5 AccessExclusiveLock,AccessExclusiveLock catalog measured',
        ],
      ],
    );
    const alone = rehearsal.migrations[2]!.statements[0]!;
    assert.match(alone.notes.join(), /refuses a transaction/);
    assert.equal(alone.milliseconds, null);
    const index = rehearsal.migrations[1]!.statements[2]!;
    assert.deepEqual(index.blocks, ['writes', 'ddl']);
    assert.ok(index.milliseconds !== null && index.error === null);
  });

  it('says of a statement in words what it stops', async () => {
    const { out } = await rehearse('--from', '2', '--to', '2');
    assert.match(
      out,
      /up, line 3, stops reads and writes: ACCESS EXCLUSIVE on users \(.* in the shadow database\)/,
    );
    assert.match(out, /up, line 4, stops writes: SHARE on users · index build \(/);
    assert.doesNotMatch(out, /line 2/);
    const junit = await rehearse('--from', '2', '--to', '2', '--format', 'junit');
    assert.match(junit.out, /<system-out>[^<]*up, line 4, stops writes: SHARE on users/);
  });

  it('has statements that are those of lint, but for what a rehearsal adds', async () => {
    const read = async (name: string): Promise<Record<string, Record<string, unknown>>> =>
      (JSON.parse(await readFile(path.join(schemas, name), 'utf8')) as { definitions: never }).definitions;
    const [lint, rehearsed] = [await read('lint.schema.json'), await read('rehearse.schema.json')];
    const names = Object.keys(lint.statement!.properties as object);
    assert.deepEqual(Object.keys(rehearsed.statement!.properties as object), [...names, 'error']);
    for (const shared of ['place', 'relation', 'work']) assert.deepEqual(rehearsed[shared], lint[shared]);
  });
});
