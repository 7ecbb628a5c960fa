import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PlanAnswers } from '../../src/assess/plan-answers';
import { openDatabase, type Database } from '../../src/journey/database';
import { readPlanFolder } from '../../src/implement/scaffold/plan-file';
import { isSwitchbackError } from '../../src/messages/error';
import { nodeFiles } from '../../src/ports/node-files';
import { parseHostMessage, type PageRequest } from '../../src/protocol/messages';
import type { DataCopy } from '../../src/rehearse/copy/data-copy';
import type { ChangeDraft, WizardState } from '../../src/protocol/wizard-state';
import { emptyDraft } from '../../src/workbench/wizard/empty-draft';
import { WizardSession } from '../../src/workbench/wizard/wizard-session';
import type { WizardSurroundings } from '../../src/workbench/wizard/wizard-surroundings';
import { testContext } from '../support/journey-context';
import { stopTestServers, testServer, type TestDatabase } from '../support/servers';

const rename: ChangeDraft = {
  ...emptyDraft('rename-column'),
  table: 'public.customers',
  values: { from: 'name', to: 'full_name' },
};

function renamedTo(to: string): ChangeDraft {
  return { ...rename, values: { ...rename.values, to } };
}

/** A wizard as the panel has it, on a folder and a database of its own; every message is parsed as the page would. */
class Bench {
  database: Database | null = null;
  state: WizardState | null = null;
  planFolder: string | null = null;
  answer = true;
  word: { name: string; note: string } | null = { name: 'the product owner', note: 'told on Monday' };
  staging: string[] = [];
  rows: DataCopy | null = null;
  answers: PlanAnswers | null = null;
  private actions: Promise<unknown> = Promise.resolve();
  readonly asked: string[] = [];
  readonly opened: string[] = [];
  readonly invalid: unknown[] = [];
  readonly session: WizardSession;

  constructor(
    readonly root: string,
    start: {
      draft: ChangeDraft;
      answers?: PlanAnswers;
      planFolder: string | null;
      station: WizardState['station'];
    },
  ) {
    this.session = new WizardSession(this.surroundings(), start);
  }

  private surroundings(): WizardSurroundings {
    return {
      root: this.root,
      trusted: () => true,
      sketchMilliseconds: 60_000,
      database: () => this.database,
      exclusive: (work) => {
        const result = this.actions.then(() => {
          assert.ok(this.database);
          return work(this.database);
        });
        this.actions = result.catch(() => undefined);
        return result;
      },
      context: async (progress, signal) => ({
        ...testContext(this.root, { answer: this.answer }),
        progress,
        signal,
      }),
      post: (message) => {
        const parsed = parseHostMessage(JSON.parse(JSON.stringify(message)));
        if (parsed?.kind === 'state') this.state = parsed.state;
        else if (parsed === null) this.invalid.push(message);
      },
      pickConnection: async () => undefined,
      useEmbedded: async () => undefined,
      openFile: async (file) => void this.opened.push(file),
      openSql: async (_title, sql) => void this.opened.push(sql),
      openLink: async (address) => void this.opened.push(address),
      copy: async () => undefined,
      askReason: async () => 'taken at noon',
      askRows: async () => this.rows,
      askConfirmation: async (title, name) => {
        this.asked.push(title, name);
        return this.word;
      },
      stagingDatabases: () => this.staging,
      showLog: () => undefined,
      manageTrust: async () => undefined,
      report: (_what, error) => (isSwitchbackError(error) ? error.sentence : String(error)),
      saveDraft: async (_draft, answers) => void (this.answers = answers),
      scaffolded: async (folder) => void (this.planFolder = folder),
      changed: () => undefined,
      backfillState: () => undefined,
      identity: () => ({ draftId: 'draft' }),
    };
  }

  async send(request: PageRequest): Promise<WizardState> {
    await this.session.handle(request);
    assert.deepEqual(this.invalid, [], 'every message is one the page understands');
    assert.ok(this.state);
    return this.state;
  }

  /** Waits for what is read while nobody asks. */
  async until(is: (state: WizardState) => boolean): Promise<WizardState> {
    while (this.state === null || !is(this.state)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(this.invalid, [], 'every message is one the page understands');
    return this.state;
  }

  async close(): Promise<void> {
    this.session.dispose();
    await this.actions;
  }

  /** A request that must succeed. */
  async ask(request: PageRequest): Promise<WizardState> {
    const state = await this.send(request);
    assert.equal(state.problem?.sentence, undefined);
    assert.equal(state.busy, null);
    return state;
  }
}

describe('a wizard on a real database', function () {
  this.timeout(120_000);
  let root: string;
  let test: TestDatabase;
  let database: Database;
  const open: Bench[] = [];

  function kept(bench: Bench): Bench {
    open.push(bench);
    return bench;
  }

  before(async () => {
    const server = await testServer({ major: 18 });
    test = await server.createDatabase();
    database = await openDatabase(test.connection, async () => test.password);
    await database.session.script(`
      create table customers (id bigint generated always as identity primary key, name text not null, email text);
      insert into customers (name, email) select 'customer ' || n, n || '@example.org' from generate_series(1, 500) n;
      create table schema_migrations (version bigint primary key, dirty boolean not null);
      insert into schema_migrations values (1, false);
      analyze customers`);
  });

  after(async () => {
    await database.close();
    await test.drop();
    await stopTestServers();
  });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'switchback-wizard-')));
    await mkdir(path.join(root, 'migrations'));
    const up =
      'create table customers (id bigint generated always as identity primary key, name text not null, email text);\n';
    await writeFile(path.join(root, 'migrations', '001_customers.up.sql'), up);
    await writeFile(path.join(root, 'migrations', '001_customers.down.sql'), 'drop table customers;\n');
  });

  afterEach(async () => {
    // What a form has asked for would go on reading in the next test.
    for (const bench of open.splice(0)) await bench.close();
    await rm(root, { recursive: true, force: true });
  });

  function wizard(draft = emptyDraft()): Bench {
    return kept(new Bench(root, { draft, planFolder: null, station: 'change' }));
  }

  it('offers nothing but the form until a database is connected', async () => {
    const bench = wizard(rename);
    const state = await bench.ask({ kind: 'ready' });
    assert.equal(state.connection, null);
    assert.deepEqual(state.change.tables, []);
    const refused = await bench.send({ kind: 'go', station: 'implement' });
    assert.equal(refused.station, 'change');
  });

  it('shows beside the form what the plan would do here, and what stops it', async () => {
    const bench = wizard();
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const asked = await bench.ask({ kind: 'edit-change', draft: rename, revision: 1 });
    assert.equal(asked.change.sketch, null);
    const { change } = await bench.until(({ change }) => change.sketch !== null);
    assert.deepEqual(
      change.sketch!.phases.map(({ name }) => name),
      ['expand', 'migrate', 'contract'],
    );
    const [first] = change.sketch!.phases[0]!.steps;
    assert.match(first!.lock, /ACCESS EXCLUSIVE on public\.customers/);
    assert.match(first!.sql[0]!.sql, /ADD COLUMN full_name/);
    assert.match(change.sketch!.pointOfNoReturn!, /drops name/);
    await bench.ask({ kind: 'open-sql', step: first!.id, part: 'forward' });
    assert.deepEqual(bench.opened, [first!.sql[0]!.sql]);
    const nullable: ChangeDraft = {
      ...emptyDraft('set-default'),
      table: 'public.customers',
      values: { column: 'id', expression: '1' },
    };
    await bench.ask({ kind: 'edit-change', draft: nullable, revision: 2 });
    const stopped = await bench.until((state) => state.change.sketch !== null);
    assert.equal(stopped.change.sketch!.phases.length, 0);
    assert.match(stopped.change.sketch!.blockers.join(), /gets its value from the server/);
  });

  it('shows it of a form that was filled in before it opened, too', async () => {
    const bench = wizard(rename);
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const { change } = await bench.until((state) => state.change.sketch !== null);
    assert.equal(change.sketch!.phases.length, 3);
  });

  it('puts a change behind the one that makes what it needs', async () => {
    const bench = wizard();
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const [kind, table] = ['add-column', 'public.customers'];
    const draft: ChangeDraft = {
      ...emptyDraft('set-comment'),
      table,
      values: { column: 'remark', comment: 'what was said' },
      others: [{ kind, table, values: { column: 'remark', type: 'text' } }],
    };
    await bench.ask({ kind: 'edit-change', draft, revision: 1 });
    await bench.ask({ kind: 'assess' });
    const { plan } = await bench.ask({ kind: 'create-plan' });
    const slugs = plan!.phases.flatMap(({ steps }) => steps.map(({ id }) => id.replace(/^\d+-/, '')));
    assert.deepEqual(slugs.slice(0, 2), ['add-column', 'set-comment']);
  });

  it('tries a batch after a yes, and plans with its time', async () => {
    const bench = wizard(rename);
    bench.database = database;
    for (const kind of ['ready', 'assess'] as const) await bench.ask({ kind });
    assert.equal(bench.state!.assessment!.canSample, true);
    bench.answer = false;
    const refused = await bench.send({ kind: 'sample-batches' });
    assert.match(refused.problem!.sentence, /Nothing was tried on/);
    bench.answer = true;
    const { assessment } = await bench.ask({ kind: 'sample-batches' });
    assert.equal(assessment!.canSample, false);
    assert.match(assessment!.sampled.join(), /^A batch of 50 rows of public\.customers took .* ms here/);
    const { plan } = await bench.ask({ kind: 'create-plan' });
    assert.deepEqual(
      plan!.notes.filter((note) => note.startsWith('A batch of')),
      assessment!.sampled,
    );
    await database.session.script('vacuum analyze customers');
  });

  it('takes several changes for one plan', async () => {
    const bench = wizard();
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const email = { ...emptyDraft('set-not-null'), table: 'public.customers', values: { column: 'email' } };
    const one = await bench.ask({ kind: 'edit-change', draft: email, revision: 1 });
    assert.equal(one.change.complete, true);
    const { kind, table, values } = email;
    const draft: ChangeDraft = { ...rename, others: [{ kind, table, values }] };
    const both = await bench.ask({ kind: 'edit-change', draft, revision: 2 });
    assert.deepEqual(both.change.others, ['Require a value in public.customers.email']);
    assert.match(
      both.change.sentence!,
      /^Require a value in .*; Rename public\.customers\.name to full_name$/,
    );
    const assessed = await bench.ask({ kind: 'assess' });
    assert.equal(assessed.station, 'assess');
    assert.match(assessed.assessment!.summary, /public\.customers has 500 rows/);
    const planned = await bench.ask({ kind: 'create-plan' });
    assert.equal(
      planned.plan!.phases.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'deploy').length,
      1,
    );
    const written = await bench.ask({ kind: 'scaffold' });
    assert.ok(written.plan!.scaffolded);
    assert.deepEqual(written.change.others, ['Require a value in public.customers.email']);
  });

  it('lists tables, and columns of the chosen one, and checks names while they are typed', async () => {
    const bench = wizard();
    bench.database = database;
    const first = await bench.ask({ kind: 'ready' });
    assert.ok(first.change.tables.some((table) => table.value === 'public.customers'));
    const chosen = await bench.ask({ kind: 'edit-change', draft: renamedTo('email'), revision: 1 });
    assert.deepEqual(
      chosen.change.fields[0]!.options.map((option) => option.value),
      ['id', 'name', 'email'],
    );
    assert.match(chosen.change.problems.to!, /already has a column email/);
    assert.equal(chosen.change.sentence, null);
    const mended = await bench.ask({ kind: 'edit-change', draft: rename, revision: 2 });
    assert.equal(mended.change.sentence, 'Rename public.customers.name to full_name');
  });

  it('says in the page what the journey refuses', async () => {
    const bench = wizard({ ...rename, table: 'public.nowhere' });
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const state = await bench.send({ kind: 'assess' });
    assert.match(state.problem!.sentence, /nowhere/);
    assert.equal(state.busy, null);
    const dismissed = await bench.ask({ kind: 'dismiss-problem' });
    assert.equal(dismissed.problem, null);
  });

  it('plans with the dual write that was chosen, and keeps the plan before where a choice does not fit', async () => {
    const bench = wizard({ ...rename, dualWrite: 'application' });
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    await bench.ask({ kind: 'assess' });
    const { plan } = await bench.ask({ kind: 'create-plan' });
    const releases = (state: WizardState): string[] =>
      state.plan!.phases.flatMap((phase) => phase.steps).flatMap((step) => (step.sample ? [step.id] : []));
    assert.equal(plan!.options.dualWrite, 'application');
    assert.deepEqual(plan!.deployChoices, []);
    assert.equal(releases(bench.state!).length, 3);
    const edit = (dualWrite: 'trigger' | 'application', deploySteps: 'one' | 'separate'): PageRequest => ({
      kind: 'edit-options',
      options: { ...plan!.options, dualWrite, deploySteps },
      migrationFolder: plan!.migrationFolder,
    });
    assert.equal(releases(await bench.ask(edit('trigger', 'separate'))).length, 2);
    assert.equal(releases(await bench.ask(edit('trigger', 'one'))).length, 1);
    await database.session.script(
      `create function shout() returns trigger language plpgsql as 'begin new.name := upper(new.name); return new; end';
       create trigger shout before insert on customers for each row execute function shout()`,
    );
    try {
      await bench.ask({ kind: 'assess' });
      await bench.ask({ kind: 'create-plan' });
      const refused = await bench.send(edit('application', 'separate'));
      assert.match(refused.problem!.sentence, /BEFORE triggers.*shout.*trigger/);
      assert.equal(refused.plan!.options.dualWrite, 'trigger');
      const unfit = wizard({ ...rename, dualWrite: 'application' });
      unfit.database = database;
      await unfit.ask({ kind: 'ready' });
      assert.match((await unfit.ask({ kind: 'assess' })).notice!, /BEFORE triggers.*shout.*has the trigger/);
      assert.equal((await unfit.ask({ kind: 'create-plan' })).plan!.options.dualWrite, 'trigger');
    } finally {
      await database.session.script('drop trigger shout on customers; drop function shout()');
    }
  });

  it('goes from form to assessment to plan, edits options, and forgets both when the form changes', async () => {
    const bench = wizard(rename);
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    const assessed = await bench.ask({ kind: 'assess' });
    assert.equal(assessed.station, 'assess');
    assert.match(assessed.assessment!.summary, /500 rows/);
    const { pages } = assessed.assessment!.research!;
    assert.match(pages[0]!.address, /^https:\/\/www\.postgresql\.org\/docs\/18\/sql-altertable\.html/);
    await bench.ask({ kind: 'open-link', address: 'https://example.org/made-up' });
    assert.deepEqual(bench.opened, []);
    await bench.ask({ kind: 'open-link', address: pages[0]!.address });
    assert.deepEqual(bench.opened.splice(0), [pages[0]!.address]);
    const planned = await bench.ask({ kind: 'create-plan' });
    assert.equal(planned.station, 'plan');
    assert.deepEqual(
      planned.plan!.phases.map((phase) => phase.name),
      ['expand', 'migrate', 'contract'],
    );
    const options = { ...planned.plan!.options, batchRows: 250 };
    const folder = planned.plan!.migrationFolder;
    assert.equal(
      (await bench.ask({ kind: 'edit-options', options, migrationFolder: folder })).plan!.options.batchRows,
      250,
    );
    const wrong = await bench.ask({
      kind: 'edit-options',
      options: { ...options, batchRows: -1 },
      migrationFolder: folder,
    });
    assert.match(wrong.plan!.optionProblems.batchRows!, /from 1/);
    assert.equal(wrong.plan!.options.batchRows, 250);
    const step = planned.plan!.phases[0]!.steps[0]!;
    await bench.ask({ kind: 'open-sql', step: step.id, part: 'forward' });
    assert.equal(bench.opened[0], step.sql[0]!.sql);
    const changed = await bench.ask({ kind: 'edit-change', draft: renamedTo('other'), revision: 9 });
    assert.equal(changed.assessment, null);
    assert.equal(changed.plan, null);
  });

  it('keeps the scope and what a person confirms in the draft, and both in plan.md after it', async () => {
    const bench = wizard(rename);
    bench.database = database;
    await bench.ask({ kind: 'ready' });
    assert.equal(bench.state!.prerequisites, null);
    const held = (): string[] =>
      bench.state!.prerequisites!.items.filter((item) => item.held).map((item) => item.id);
    const scope = (id: string): string =>
      bench.state!.prerequisites!.scope.fields.find((field) => field.id === id)!.value;

    await bench.ask({ kind: 'assess' });
    assert.deepEqual(held(), ['impact', 'rollback']);
    assert.match(scope('systems'), /^only the database|connected to/);
    assert.match(scope('downtime'), /^none/);
    assert.equal(bench.state!.prerequisites!.scope.volume.startsWith('500 rows'), true);

    await bench.ask({ kind: 'edit-scope', field: 'users', value: 'the people in the warehouse' });
    assert.deepEqual(held(), ['impact', 'rollback']);
    await bench.ask({ kind: 'keep-scope' });
    assert.deepEqual(held(), ['scope', 'impact', 'rollback']);
    assert.equal(bench.answers!.scope.users, 'the people in the warehouse');
    assert.match(bench.answers!.scope.downtime!, /^none/);

    const wrong = await bench.ask({ kind: 'edit-scope', field: 'deadline', value: '2026-02-30' });
    const deadline = wrong.prerequisites!.scope.fields.find((field) => field.id === 'deadline')!;
    assert.deepEqual([deadline.value, deadline.problem !== null], ['2026-02-30', true]);
    await bench.ask({ kind: 'edit-scope', field: 'deadline', value: '2000-01-01' });
    assert.ok(!held().includes('time'));
    await bench.ask({ kind: 'edit-scope', field: 'deadline', value: '2999-12-31' });
    assert.ok(held().includes('time'));

    bench.staging = ['shop staging'];
    bench.word = null;
    await bench.ask({ kind: 'confirm-prerequisite', prerequisite: 'stakeholders' });
    assert.ok(!held().includes('stakeholders'), 'a closed question confirms nothing');
    assert.ok(bench.asked[1]!.length > 0, 'a name is proposed');
    bench.word = { name: 'the product owner', note: 'told on Monday' };
    await bench.ask({ kind: 'confirm-prerequisite', prerequisite: 'stakeholders' });
    assert.deepEqual(held(), ['scope', 'impact', 'stakeholders', 'staging', 'rollback', 'time']);

    const restored = kept(
      new Bench(root, {
        draft: rename,
        answers: bench.answers!,
        planFolder: null,
        station: 'assess',
      }),
    );
    restored.database = database;
    await restored.ask({ kind: 'ready' });
    for (const kind of ['assess', 'create-plan', 'scaffold'] as const) await restored.ask({ kind });
    const planFile = path.join(restored.planFolder!, 'plan.md');
    assert.match(
      await readFile(planFile, 'utf8'),
      /\| The people affected are known and have been told \| yes \| Confirmed by the product owner, .*told on Monday \|/,
    );

    const other = kept(
      new Bench(root, {
        draft: emptyDraft(),
        planFolder: restored.planFolder,
        station: 'assess',
      }),
    );
    other.database = database;
    const read = await other.ask({ kind: 'ready' });
    assert.deepEqual(
      read.prerequisites!.items.map((item) => item.held),
      [true, true, true, false, true, true],
      'everything but the staging database, which this other machine has not',
    );
    const hash = (
      await readPlanFolder(restored.planFolder!, nodeFiles(), path.resolve(restored.planFolder!, '..', '..'))
    ).approvedHash;
    await Promise.all([
      other.send({ kind: 'edit-scope', field: 'users', value: 'everybody' }),
      other.send({ kind: 'edit-scope', field: 'systems', value: 'the shop' }),
      other.send({ kind: 'confirm-prerequisite', prerequisite: 'staging' }),
    ]);
    assert.deepEqual([other.state!.problem, other.state!.busy], [null, null]);
    const loaded = await readPlanFolder(
      restored.planFolder!,
      nodeFiles(),
      path.resolve(restored.planFolder!, '..', '..'),
    );
    assert.deepEqual([loaded.scope.users, loaded.scope.systems], ['everybody', 'the shop']);
    assert.deepEqual(
      loaded.prerequisites.map((item) => `${item.id} ${item.state} ${item.confirmed?.name ?? '-'}`),
      [
        'scope held -',
        'impact held -',
        'stakeholders held the product owner',
        'staging held the product owner',
        'rollback held -',
        'time held -',
      ],
    );
    const document = await readFile(planFile, 'utf8');
    assert.match(
      document,
      /\| There is a staging database to try it on \| yes \| Confirmed by the product owner, /,
    );
    assert.match(document, /\| yes \| Systems: the shop\. Users: everybody\. /);
    assert.equal(loaded.approvedHash, hash, 'what people said is no part of what is approved');
  });

  it('scaffolds, applies every step before contract, verifies, and is read back by another window', async () => {
    const bench = wizard(rename);
    bench.database = database;
    for (const kind of ['ready', 'assess', 'create-plan', 'scaffold'] as const) await bench.ask({ kind });
    assert.ok(bench.planFolder);
    assert.ok((await readdir(bench.planFolder)).includes('plan.md'));
    assert.equal(bench.state!.plan!.scaffolded, true);
    assert.equal(bench.state!.change.locked, true);

    bench.rows = { kind: 'full' };
    await bench.ask({ kind: 'rehearse' });
    assert.equal(bench.state!.rehearsal!.tone, 'good', JSON.stringify(bench.state!.rehearsal));
    assert.match(bench.state!.rehearsal!.shadow, /on a copy of \d+ rows of \d+ tables? of .*\(all rows, /);
    for (let guard = 0; guard < 60; guard += 1) {
      const { run, contract } = bench.state!;
      assert.ok(run && contract);
      const step = run.steps.find((item) => item.id === run.next);
      if (!step) break;
      const wait = contract.waits.find((item) => item.step === step.id && item.canShorten);
      const closed = step.gates.find((gate) => gate.state !== 'held' && gate.state !== 'waived');
      const phase = bench.state!.plan!.phases.find((item) => item.name === run.releasable);
      if (closed)
        await bench.ask({ kind: closed.canConfirm ? 'confirm-gate' : 'waive-gate', gate: closed.kind });
      else if (phase) await bench.ask({ kind: 'release-phase', phase: phase.name });
      else if (step.instructions !== null) await bench.ask({ kind: 'confirm-deploy', step: step.id });
      else if (wait) await bench.ask({ kind: 'shorten-wait', step: wait.step });
      else await bench.ask({ kind: 'apply-next' });
    }
    assert.deepEqual(
      bench
        .state!.run!.steps.filter((step) => step.state !== 'done')
        .map((step) => `${step.id} ${step.state}`),
      [],
    );
    const { rows } = await database.session.query<{ differ: string }>(
      'select count(*) as differ from customers where name is distinct from full_name',
    );
    assert.equal(rows[0]!.differ, '0');

    const verified = await bench.ask({ kind: 'verify' });
    assert.equal(verified.station, 'verify');
    assert.equal(verified.report!.tone, 'good', JSON.stringify(verified.report));
    assert.equal(verified.contract!.hindrance, null);

    const other = kept(
      new Bench(root, {
        draft: emptyDraft(),
        planFolder: bench.planFolder,
        station: 'implement',
      }),
    );
    other.database = database;
    const restored = await other.ask({ kind: 'ready' });
    assert.equal(restored.station, 'implement');
    assert.equal(restored.title, bench.state!.title);
    assert.deepEqual(
      restored.run!.steps.map((step) => step.state),
      verified.run!.steps.map((step) => step.state),
    );
  });
});
