import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ChecklistAnswers, PlanAnswers, RunbookAnswers } from '../../src/documents/standalone/answers';
import { newChecklist, newPlanDocument, newRunbook } from '../../src/journey/new-document';
import { listPlans } from '../../src/journey/plans';
import { openDatabase } from '../../src/journey/database';
import { testContext } from '../support/journey-context';
import { testServer } from '../support/servers';

const plan: PlanAnswers = {
  title: 'Täglich: move | invoices',
  why: null,
  changeType: 'schema-destructive',
  current: null,
  target: null,
  systems: 'shop',
  users: null,
  dataVolume: '3 GB',
  downtime: 'none',
  strategy: 'blue-green',
  startDate: '2026-03-04',
  roles: ['Tech lead'],
};
const runbook: RunbookAnswers = {
  title: plan.title,
  changeType: 'api-breaking-change',
  environment: 'production',
  service: null,
  flag: null,
  releaseCommand: null,
  backup: null,
  dashboard: null,
  decider: null,
  noReturn: 'The old endpoints are gone.',
};
const checklist: ChecklistAnswers = {
  title: plan.title,
  changeType: 'schema-additive',
  backfill: false,
  flag: false,
  deprecationDays: 0,
  roles: ['Tech lead'],
};

describe('documents without a plan, written', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-documents-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('go into one folder of the day and the title', async () => {
    const context = testContext(root);
    const files = [
      ...(await newPlanDocument(context, null, plan)),
      ...(await newRunbook(context, null, runbook)),
      ...(await newChecklist(context, null, checklist)),
    ];
    assert.equal(new Set(files.map((file) => path.dirname(file))).size, 1);
    assert.match(path.basename(path.dirname(files[0]!)), /^\d{8}-ta-glich-move-invoices$/);
    assert.deepEqual(
      files.map((file) => path.basename(file)),
      ['plan.md', 'rollback.md', 'checklist.md'],
    );
    assert.match(await readFile(files[0]!, 'utf8'), /- \[x\] \*\*Blue-green/);
    assert.match(await readFile(files[1]!, 'utf8'), /The old endpoints are gone\./);
  });

  it('are no plan: lists leave them out', async () => {
    const context = testContext(root);
    await newPlanDocument(context, null, plan);
    assert.deepEqual(await listPlans(context), []);
  });

  it('ask before they overwrite what differs', async () => {
    const [file] = await newPlanDocument(testContext(root), null, plan);
    const before = await readFile(file!, 'utf8');
    const other = { ...plan, users: 'everybody' };
    await assert.rejects(newPlanDocument(testContext(root, { answer: false }), null, other), /left as it is/);
    assert.equal(await readFile(file!, 'utf8'), before);
    await newPlanDocument(testContext(root, { answer: true }), null, other);
    assert.match(await readFile(file!, 'utf8'), /everybody/);
  });

  it('never go into the folder of a plan', async () => {
    const context = testContext(root);
    const [first] = await newPlanDocument(context, null, plan);
    await context.files.write(first!, '---\nswitchback: 1\n---\n# Theirs\n');
    const [runbookFile] = await newRunbook(context, null, runbook);
    assert.equal(path.dirname(runbookFile!), `${path.dirname(first!)}-2`);
  });

  it('take from a connected database what it knows', async function () {
    this.timeout(60_000);
    const created = await (await testServer({ major: 12 })).createDatabase();
    const database = await openDatabase(created.connection, async () => created.password);
    try {
      await database.session.script(
        'create table "or|ders" (id int); insert into "or|ders" select generate_series(1, 3000); analyze "or|ders";',
      );
      const [file] = await newPlanDocument(testContext(root), database, { ...plan, dataVolume: null });
      const text = await readFile(file!, 'utf8');
      assert.match(text, /PostgreSQL 12\.\d+/);
      assert.match(text, /\| Table public\."or\\\|ders" \| 3,000 rows, \d+ kB with indexes \|/);
      assert.match(text, /\| Data volume \| at most [\d.]+ MB, the whole database /);
    } finally {
      await database.close();
      await created.drop();
    }
  });

  it('need a title', async () => {
    await assert.rejects(newPlanDocument(testContext(root), null, { ...plan, title: ' ' }), /has no title/);
  });
});
