import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import type { RollbackJson } from '../../src/cli/formats/rollback-json';
import { switchback } from './support';

/** The schema of a rollback's JSON takes that of a rehearsal from the file beside it. */
async function validator(): Promise<ValidateFunction> {
  const [own, rehearse] = await Promise.all(
    ['generate-rollback', 'rehearse'].map(
      async (name) =>
        JSON.parse(
          await readFile(path.resolve(__dirname, `../../schemas/${name}.schema.json`), 'utf8'),
        ) as object,
    ),
  );
  return new Ajv({ allErrors: true }).addSchema(rehearse!, 'rehearse.schema.json').compile(own!);
}

describe('switchback generate-rollback', function () {
  this.timeout(180_000);
  let folder: string;
  const down = (): string => path.join(folder, 'migrations', '2_note.down.sql');

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-generate-rollback-'));
    await mkdir(path.join(folder, 'migrations'));
    const texts = {
      '1_users.up.sql': 'create table users (id bigint primary key);\n',
      '1_users.down.sql': 'drop table users;\n',
      '2_note.up.sql': 'alter table users add note text;\n',
      '3_drop.up.sql': 'alter table users drop note;\n',
    };
    for (const [name, text] of Object.entries(texts))
      await writeFile(path.join(folder, 'migrations', name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('shows it with its verdict, and writes it only with --write', async () => {
    const words = ['generate-rollback', 'migrations/2_note.up.sql', '--shadow', 'local'];
    const shown = await switchback(folder, {}, ...words, '--format', 'json');
    assert.equal(shown.exitCode, 0);
    const rollback = shown.json<RollbackJson>();
    assert.deepEqual([rollback.rehearsal.verdict, rollback.proven, rollback.written], ['exact', true, []]);
    assert.deepEqual(
      [rollback.file, rollback.rehearsal.path],
      ['migrations/2_note.down.sql', 'migrations/2_note.up.sql'],
    );
    await assert.rejects(readFile(down(), 'utf8'), /ENOENT/);
    const written = await switchback(folder, {}, ...words, '--write');
    assert.equal(written.exitCode, 0);
    assert.match(written.out, /exact[\s\S]*ALTER TABLE public\.users DROP COLUMN note;[\s\S]*Written\./);
    assert.equal(await readFile(down(), 'utf8'), rollback.newText);
  });

  it('answers with the JSON of its schema, and the schema wants all of it', async () => {
    const words = [
      'generate-rollback',
      'migrations/3_drop.up.sql',
      '--shadow',
      'local',
      '--backup',
      '--write',
    ];
    const answer = await switchback(folder, {}, ...words, '--format', 'json');
    const rollback = answer.json<RollbackJson & Record<string, unknown>>();
    const validate = await validator();
    assert.ok(validate(rollback), JSON.stringify(validate.errors));
    const files = ['migrations/3_drop.up.sql', 'migrations/3_drop.down.sql'];
    assert.deepEqual(rollback.written, files);
    assert.deepEqual([rollback.up!.file, rollback.file], files);
    for (const name of Object.keys(rollback)) {
      const kept = rollback[name];
      delete (rollback as Record<string, unknown>)[name];
      assert.ok(!validate(rollback), name);
      (rollback as Record<string, unknown>)[name] = kept;
    }
    assert.ok(validate(rollback));
    assert.ok(!validate({ ...rollback, more: 1 }));
    assert.ok(!validate({ ...rollback, rehearsal: { ...rollback.rehearsal, verdict: 'fine' } }));
  });

  it('takes one file, and leaves a way back that is there', async () => {
    assert.equal((await switchback(folder, {}, 'generate-rollback')).exitCode, 2);
    const again = await switchback(folder, {}, 'generate-rollback', 'migrations/1_users.up.sql');
    assert.notEqual(again.exitCode, 0);
    assert.match(again.told.join(), /has a way back already/);
  });
});
