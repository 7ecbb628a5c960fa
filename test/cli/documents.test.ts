import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IssuesOutcome } from '../../src/journey/create-issues';
import type { PlanDocumentsOutcome } from '../../src/journey/plan-documents';
import { fakeGh, scaffolded, withPath, type Scaffolded } from '../documents/rollout/scaffolded';
import { switchback } from './support';
import { applyPhase, openParcels, type Terminal } from './terminal';

describe('the documents of a plan in the terminal', function () {
  this.timeout(60_000);
  let plan: Scaffolded;
  beforeEach(async () => {
    plan = await scaffolded();
  });
  afterEach(() => plan.remove());

  it('writes all, or the kinds that are named, and says each file', async () => {
    const some = await switchback(plan.root, {}, 'documents', plan.planId, 'changelog', 'tickets');
    assert.equal(some.exitCode, 0, some.told.join('\n'));
    const folder = path.join('plans', plan.planId);
    assert.deepEqual(some.out.trim().split('\n'), [
      `wrote ${path.join(folder, 'tickets', '1-expand.md')}`,
      `wrote ${path.join(folder, 'tickets', '2-migrate.md')}`,
      `wrote ${path.join(folder, 'tickets', '3-contract.md')}`,
      `wrote ${path.join(folder, 'changelog.md')}`,
    ]);
    const all = await switchback(plan.root, {}, 'documents', folder, '--format', 'json');
    const { written, unchanged, issues } = all.json<
      PlanDocumentsOutcome & { issues: IssuesOutcome | null }
    >();
    assert.deepEqual([written.length, unchanged.length, issues], [5, 4, null]);
  });

  it('answers 2 to what is no document, no plan, and to issues without tickets', async () => {
    for (const [words, told] of [
      [['posters'], /"posters" is no document of a plan\. There are tickets, announcements, /],
      [['calendar', '--create-issues'], /--create-issues goes with tickets/],
    ] as const) {
      const answer = await switchback(plan.root, {}, 'documents', plan.planId, ...words);
      assert.equal(answer.exitCode, 2);
      assert.match(answer.told.join('\n'), told);
    }
    const file = path.join('db', 'migrations', '000041_old.up.sql');
    assert.equal((await switchback(plan.root, {}, 'documents', file)).exitCode, 2);
    assert.equal((await switchback(plan.root, {}, 'documents')).exitCode, 2);
  });

  it('shows the difference to an edited region and names the flag that agrees', async () => {
    await switchback(plan.root, {}, 'documents', plan.planId, 'changelog');
    await plan.write('changelog.md', (await plan.read('changelog.md')).replace('- Rename', '- We rename'));
    await plan.retitle('Another title');
    const refused = await switchback(plan.root, {}, 'documents', plan.planId, 'changelog');
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.told.join('\n'),
      /changelog\.md was edited by hand\.[^]*-- We rename[^]*--yes overwrite/,
    );
    const agreed = await switchback(
      plan.root,
      {},
      'documents',
      plan.planId,
      'changelog',
      '--yes',
      'overwrite',
    );
    assert.equal(agreed.exitCode, 0);
    assert.match(await plan.read('changelog.md'), /- We rename/);
    assert.equal((await switchback(plan.root, {}, 'documents', plan.planId, 'changelog')).exitCode, 0);
  });

  it('creates issues with gh only after --yes create-issues, and once', async function () {
    if (process.platform === 'win32') this.skip();
    const gh = await fakeGh(plan.root);
    const words = ['documents', plan.planId, 'tickets', '--create-issues'];
    const refused = await withPath(gh.folder, () => switchback(plan.root, {}, ...words));
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.told.join('\n'), /Create 3 issues\? .*--yes create-issues to agree/);
    assert.deepEqual(await gh.calls(), []);
    const create = (): ReturnType<typeof switchback> =>
      withPath(gh.folder, () => switchback(plan.root, {}, ...words, '--yes', 'create-issues'));
    const first = await create();
    assert.match(first.out, /created https:.*\/issues\/7 for .*1-expand\.md/);
    assert.match(
      await plan.read('tickets/3-contract.md'),
      /^issue: https:\/\/github\.com\/shop\/web\/issues\/9$/m,
    );
    const second = await create();
    assert.equal(second.exitCode, 0);
    assert.match(second.out, /1-expand\.md has https:\/\/github\.com\/shop\/web\/issues\/7/);
    assert.equal((await gh.calls()).length, 3);
  });
});

describe('the documents of a plan that runs', function () {
  this.timeout(180_000);
  let terminal: Terminal;
  const change = ['set-default', '--table', 'parcels', '--column', 'note', '--expression', "'none'"];

  before(async () => {
    terminal = await openParcels();
  });
  after(() => terminal?.close());

  it('follow it through apply and rollback', async () => {
    const scaffold = await terminal.succeed('scaffold', ...change, '--format', 'json');
    const { plan, planFolder } = scaffold.json<{ plan: string; planFolder: string }>();
    const read = (name: string): Promise<string> => readFile(path.join(planFolder, name), 'utf8');
    const { written } = (
      await terminal.succeed('documents', plan, '--format', 'json')
    ).json<PlanDocumentsOutcome>();
    assert.deepEqual(
      written.map((file) => path.relative(planFolder, file).split(path.sep).join('/')),
      ['tickets/1-expand.md', 'announcements/1-expand.md', 'calendar.ics', 'pull-request.md', 'changelog.md'],
    );
    assert.match(await read('tickets/1-expand.md'), /\*\*Status:\*\* waiting\./);
    assert.match(await read('pull-request.md'), /Errors: 0, warnings: 0, in the one migration file/);
    await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
    for (const name of ['tickets/1-expand.md', 'announcements/1-expand.md'])
      assert.match(await read(name), /\*\*Status:\*\* done on \d{4}-\d\d-\d\d \(/, name);
    await terminal.succeed('rehearse', plan);
    assert.match(
      await read('pull-request.md'),
      /\| Rehearsal of the way back \| passed \| \d{4}-\d\d-\d\d \|/,
    );
    await terminal.succeed('rollback', plan);
    for (const name of ['tickets/1-expand.md', 'announcements/1-expand.md'])
      assert.match(await read(name), /\*\*Status:\*\* rolled back on \d{4}-\d\d-\d\d \(/, name);
    // What follows the plan is no edit.
    const again = await terminal.succeed('documents', plan, 'tickets', 'announcements', 'pull-request');
    assert.doesNotMatch(again.out, /wrote|kept/);
  });
});
