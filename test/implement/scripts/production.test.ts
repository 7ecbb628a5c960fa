import assert from 'node:assert/strict';
import { hasProgram, scriptWorkspace, type ScriptWorkspace } from './script-workspace';

const column = [
  'add-required-column',
  '--table',
  'customers',
  '--column',
  'visits',
  '--type',
  'int',
  '--expression',
  'length(name)',
  '--batch-rows',
  '50',
];

describe('scripts on production [psql]', function () {
  this.timeout(120_000);
  let workspace: ScriptWorkspace;
  let plan: string;
  const production = ['ENVIRONMENT=production', 'OWNER=operations'];

  before(async function () {
    if (!(await hasProgram('psql'))) this.skip();
    workspace = await scriptWorkspace(18, 'golang-migrate');
    plan = await workspace.scaffold(...column);
    await workspace.writeEnvironment(plan, production);
  });
  after(() => workspace?.dispose());

  const run = (...words: string[]) => workspace.run(plan, 'migrate-forward.sh', '--install-schema', ...words);

  it('want the name of the database', async () => {
    const { exitCode, out } = await run();
    assert.equal(exitCode, 1);
    assert.ok(out.includes(`--confirm-database ${workspace.database.connection.database}`), out);
    assert.equal((await run('--confirm-database', 'another')).exitCode, 1);
  });

  it('hold their gates, and keep who confirmed or waived them', async () => {
    const named = ['--confirm-database', workspace.database.connection.database];
    const stopped = await run(...named);
    assert.equal(stopped.exitCode, 4, stopped.out);
    for (const gate of ['backup', 'staging-run', 'rehearsal', 'approval'])
      assert.ok(stopped.out.includes(`  ${gate}: `), stopped.out);
    const waived = ['staging-run=small table', 'rehearsal=done by hand', 'approval=change 42'];
    await workspace.writeEnvironment(plan, [
      ...production,
      'BACKUP_COMMAND=echo saved',
      'DISK_FREE_COMMAND=echo 999999999999',
    ]);
    const answer = await run(...named, ...waived.flatMap((word) => ['--waive', word]));
    assert.ok(answer.exitCode === 4 || answer.exitCode === 0, answer.out);
    const { rows } = await workspace.session.query<{ gate: string; verdict: string; by: string }>(
      'select gate, verdict, by from switchback.evidence order by gate',
    );
    assert.deepEqual(rows, [
      { gate: 'approval', verdict: 'waived', by: 'operations' },
      { gate: 'backup', verdict: 'held', by: 'operations' },
      { gate: 'rehearsal', verdict: 'waived', by: 'operations' },
      { gate: 'staging-run', verdict: 'waived', by: 'operations' },
    ]);
  });

  it('say that the database cannot be reached, with exit code 3', async () => {
    await workspace.writeEnvironment(plan, production, { PGPORT: '1' });
    const { exitCode, out } = await run();
    assert.equal(exitCode, 3, out);
    assert.match(out, /cannot be reached/);
  });

  it('read their settings and run none of them', async () => {
    await workspace.writeEnvironment(plan, [...production, 'PGUSER=$(touch /tmp/never)', 'SURPRISE=1']);
    const { exitCode, out } = await run();
    assert.equal(exitCode, 2);
    assert.match(out, /there is no setting SURPRISE/);
  });
});
