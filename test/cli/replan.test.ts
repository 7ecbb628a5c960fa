import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readPlanFolder } from '../../src/implement/scaffold/plan-file';
import { stepsOf } from '../../src/plan/plan';
import { nodeFiles } from '../../src/ports/node-files';
import { applyPhase, finishMigrate, openParcels, type Terminal } from './terminal';

interface Answer {
  changed: string[];
  added: string[];
  gone: string[];
}

describe('the rest of a plan is planned anew, from the terminal', function () {
  this.timeout(240_000);
  let terminal: Terminal;
  let plan: string;

  beforeEach(async () => {
    terminal = await openParcels();
    await terminal.session.script(
      "insert into parcels (id, note) select i, 'n' || i from generate_series(1, 20) i",
    );
    const rename = ['rename-column', '--table', 'parcels', '--from', 'note', '--to', 'remark'];
    ({ plan } = (await terminal.succeed('scaffold', ...rename, '--format', 'json')).json<{ plan: string }>());
    await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
  });

  afterEach(() => terminal?.close());

  const stored = (): ReturnType<typeof readPlanFolder> =>
    readPlanFolder(path.join(terminal.folder, 'plans', plan), nodeFiles(), terminal.folder);

  async function replan(...words: string[]): Promise<Answer> {
    const answer = await terminal.succeed('replan', plan, '--yes', 'replan', '--format', 'json', ...words);
    return answer.json<Answer>();
  }

  it('asks first, and tells what would be another one', async () => {
    const answer = await terminal.run('replan', plan, '--deprecation-days', '3');
    assert.match(
      answer.told.join('\n'),
      /Plan the rest of .* anew\? Other by now: "Wait \d+ days"\..* --yes replan/,
    );
  });

  it('takes another wait, keeps what is done, and goes on to the end', async () => {
    const before = await stored();
    const { changed, added, gone } = await replan('--deprecation-days', '3');
    const wait = stepsOf(before.plan).find(({ kind }) => kind === 'wait')!;
    assert.deepEqual([changed, added, gone], [[wait.id], [], []]);
    const after = await stored();
    assert.equal(after.plan.options.deprecationDays, 3);
    assert.equal(after.state, 'migrating');
    assert.equal(after.plan.id, before.plan.id);
    assert.notEqual(after.approvedHash, before.approvedHash);
    await applyPhase(terminal, plan, 'migrate');
    await finishMigrate(terminal, plan);
    await terminal.succeed(
      'apply',
      plan,
      '--release',
      'contract',
      '--phase',
      'contract',
      '--yes',
      'no-return',
      '--yes',
      'drop',
    );
    const status = await terminal.succeed('status', '--format', 'json');
    assert.match(status.out, /"state": ?"done"/);
  });

  it('plans for what the table has by now', async () => {
    await terminal.session.script('create index by_note on parcels (note)');
    const { changed, added, gone } = await replan();
    assert.ok(changed.length + added.length > 0);
    const files = await readdir(path.join(terminal.folder, 'plans', plan, 'steps'));
    const ids = new Set(stepsOf((await stored()).plan).map(({ id }) => id));
    assert.deepEqual(
      files.filter((name) => !ids.has(name.split('.')[0]!)),
      [],
    );
    assert.deepEqual(
      gone.filter((id) => ids.has(id)),
      [],
    );
    await applyPhase(terminal, plan, 'migrate');
    await finishMigrate(terminal, plan);
    await terminal.succeed(
      'apply',
      plan,
      '--release',
      'contract',
      '--phase',
      'contract',
      '--yes',
      'no-return',
      '--yes',
      'drop',
    );
    const { rows } = await terminal.session.query<{ definition: string }>(
      "select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = 'parcels'::regclass and not indisprimary",
    );
    assert.deepEqual(
      rows.map(({ definition }) => /\((.*)\)/.exec(definition)?.[1]),
      ['remark'],
    );
  });

  it('refuses what would make a step that is done another one', async () => {
    const answer = await terminal.run('replan', plan, '--dual-write', 'application', '--yes', 'replan');
    assert.match(answer.told.join('\n'), /The rest cannot be planned anew: .* stays as it is/);
  });
});
