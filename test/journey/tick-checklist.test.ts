import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { tickedItems } from '../../src/documents/ticks';
import { createRunControl } from '../../src/implement/run-control';
import { applyPhase } from '../../src/journey/apply';
import { confirmDeploy, confirmGate, shortenWait } from '../../src/journey/confirm';
import { loadPlan } from '../../src/journey/plans';
import { verifyPlan } from '../../src/journey/verify';
import { phaseNames, stepsOf } from '../../src/plan/plan';
import { openJourney, type Journey } from './journey';

const run = promisify(execFile);
const change = {
  kind: 'rename-column',
  table: { schema: 'public', name: "it's" },
  from: 'na"me',
  to: 'Full|Name',
} as const;
const schema = `create table "it's" (id bigint generated always as identity primary key, "na""me" text not null);
insert into "it's" ("na""me") select 'name ' || n from generate_series(1, 300) n; analyze "it's";`;
const history =
  'create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (1, false);';

describe('the documents of a plan while it runs', function () {
  this.timeout(120_000);
  let journey: Journey;
  let folder: string;
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const ticked = async (): Promise<Set<string>> => tickedItems(await read('checklist.md'));

  beforeEach(async () => {
    journey = await openJourney(18, `${schema}${history}`, {
      'migrations/000001_start.up.sql': schema,
      'migrations/000001_start.down.sql': `drop table "it's";\n`,
    });
    folder = await journey.scaffold(change);
  });
  afterEach(() => journey?.close());

  /** Everything up to the end, with a look after each phase, deployment and wait. */
  async function runAll(look: () => Promise<void>): Promise<void> {
    const { context, database } = journey;
    const request = { database, planFolder: folder, onEvent: () => undefined, control: createRunControl() };
    await look();
    for (const phase of phaseNames) {
      for (;;) {
        const progress = await applyPhase(context, request, phase);
        await look();
        const open = progress.steps.find((step) => step.state === 'ready');
        if (!open || progress.phase !== phase) break;
        const kind = stepsOf((await loadPlan(context, folder)).plan).find(
          (step) => step.id === open.id,
        )?.kind;
        if (kind === 'deploy') await confirmDeploy(context, database, folder, open.id);
        else if (kind === 'wait') await shortenWait(context, database, folder, open.id);
        else assert.fail(`${open.id} was not carried out`);
      }
    }
  }

  it('tick what is on record, and leave what people wrote', async () => {
    const { context, database } = journey;
    assert.equal((await ticked()).has('backup'), false);
    const file = path.join(folder, 'checklist.md');
    const mine = (await read('checklist.md'))
      .replace('- [ ] No alert is open.', '- [x] No alert is open, says Operations.')
      .replace('## After', 'A line of mine.\n\n## After');
    await writeFile(file, mine);

    await confirmGate(context, database, folder, 'backup', 'base backup of today');
    await confirmGate(context, database, folder, 'approval', 'approved by the product owner');
    const now = await ticked();
    assert.deepEqual(
      ['backup', 'approval.product-owner', 'alerts-clear', 'approval.tech-lead', 'staging'].map((id) =>
        now.has(id),
      ),
      [true, true, true, false, false],
    );
    const text = await read('checklist.md');
    assert.match(text, /A line of mine\./);
    assert.match(text, /No alert is open, says Operations\./);
    assert.match(await read('plan.md'), /\| Product owner \| tester \| \d{4}-\d\d-\d\d \|/);
    assert.match(await read('plan.md'), /\| Tech lead \| not yet \| not yet \|/);

    await writeFile(file, text.replace(/- \[x\] (A full backup)/, '- [ ] $1'));
    await confirmGate(context, database, folder, 'staging-run', 'ran on staging');
    assert.ok((await ticked()).has('staging'));
  });

  it('take an approval for the role it names, whatever the words say, and refuse a role nobody asks', async () => {
    const { context, database } = journey;
    const words = 'signed in the meeting with the product owner';
    await assert.rejects(confirmGate(context, database, folder, 'approval', words, 'Auditor'), {
      code: 'invalid-input',
    });
    await assert.rejects(confirmGate(context, database, folder, 'backup', words, 'Tech lead'), {
      code: 'invalid-input',
    });
    await confirmGate(context, database, folder, 'approval', words, 'tech LEAD');
    assert.match(await read('plan.md'), /\| Tech lead \| tester \| \d{4}-\d\d-\d\d \|/);
    assert.match(await read('plan.md'), /\| Product owner \| not yet \| not yet \|/);
    const now = await ticked();
    assert.deepEqual([now.has('approval.tech-lead'), now.has('approval.product-owner')], [true, false]);
  });

  it('ask nothing when the plan is written again, and keep their ticks', async () => {
    await confirmGate(journey.context, journey.database, folder, 'backup', 'base backup of today');
    const before = await ticked();
    const asked: string[] = [];
    journey.context.prompt.confirm = async ({ title }) => {
      asked.push(title);
      return false;
    };
    assert.equal(await journey.scaffold(change), folder);
    assert.deepEqual(asked, []);
    assert.deepEqual(await ticked(), before);
  });

  it('tick steps and verification, and end with a retrospective', async () => {
    await runAll(async () => undefined);
    await verifyPlan(journey.context, journey.database, folder);
    const now = await ticked();
    for (const step of stepsOf((await loadPlan(journey.context, folder)).plan))
      assert.ok(now.has(`step.${step.id}`));
    for (const id of ['batches', 'soak', 'old-dropped', 'rehearsal', 'data-moved', 'verify-sql']) {
      assert.ok(now.has(id), id);
    }
    assert.match(await read('report.md'), /^# Report: /);
    assert.match(await read('retrospective.md'), /300 rows/);
  });

  it('verify.sql runs from top to bottom at every step [psql]', async function () {
    if (spawnSync('psql', ['--version']).status !== 0) this.skip();
    const { connection, password } = journey.test;
    const arguments_ = ['--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--file', path.join(folder, 'verify.sql')];
    const outputs: string[] = [];
    await runAll(async () => {
      const { stdout, stderr } = await run('psql', arguments_, {
        env: {
          ...process.env,
          PGHOST: connection.host,
          PGPORT: String(connection.port),
          PGUSER: connection.user,
          PGDATABASE: connection.database,
          PGPASSWORD: password,
        },
      });
      assert.equal(stderr, '');
      outputs.push(stdout);
    });
    assert.match(outputs[0]!, /Left out: a column it reads is not there\./);
    assert.ok(
      outputs.some((text) => / +300 \| +300 \| +0 \| t\n/.test(text)),
      outputs.join('\n====\n'),
    );
    assert.match(outputs.at(-1)!, /Left out: a column it reads is not there\./);
  });
});
