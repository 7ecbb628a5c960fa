import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installSchema } from '../../src/database/switchback-schema';
import type { Database } from '../../src/journey/database';
import { readEvidence } from '../../src/journey/evidence';
import { applyNextStep } from '../../src/journey/apply';
import { loadPlan } from '../../src/journey/plans';
import { planStanding } from '../../src/journey/progress';
import { rehearsePlan } from '../../src/journey/rehearse';
import { createRunControl } from '../../src/implement/run-control';
import type { Gate } from '../../src/plan/plan';
import { assertSays, openJourney, type Journey } from './journey';

const table = 'create table customers (id bigint generated always as identity primary key, name text);\n';
const first = 'migrations/000001_customers.up.sql';

describe('the gate "rehearsal" of a plan', function () {
  this.timeout(120_000);
  let journey: Journey;
  let staging: Database;
  let plan: string;

  before(async () => {
    journey = await openJourney(18, `${table}insert into customers (name) values ('a')`, {
      [first]: table,
      'migrations/000001_customers.down.sql': 'drop table customers;\n',
    });
    await journey.look.script(
      'create table schema_migrations (version bigint not null primary key, dirty boolean not null); insert into schema_migrations values (1, false)',
    );
    plan = await journey.scaffold({
      kind: 'rename-column',
      table: { schema: 'public', name: 'customers' },
      from: 'name',
      to: 'full_name',
    });
    staging = await journey.connect({ environment: 'staging' });
    await installSchema(staging.session);
  });
  after(() => journey?.close());

  const gate = async (): Promise<Gate> => {
    const { gates } = await planStanding(journey.context, staging, plan);
    return gates.find(({ kind }) => kind === 'rehearsal')!;
  };
  const rehearse = async (): Promise<void> => {
    await rehearsePlan(journey.context, staging, plan, { shadow: 'local' });
    assert.equal((await gate()).state, 'held', (await gate()).reason);
  };

  it('is held by a rehearsal with its date, the server it ran on and what was rehearsed', async () => {
    assert.equal((await gate()).state, 'unknown');
    await rehearse();
    const loaded = await loadPlan(journey.context, plan);
    const evidence = (await readEvidence(staging, loaded)).find((each) => each.gate === 'rehearsal')!;
    assert.ok(Math.abs(Date.parse(evidence.at) - Date.now()) < 120_000);
    assert.match(String(evidence.details.server), /^\d+\.\d+/);
    assert.equal(evidence.contentHash, loaded.approvedHash);
  });

  it('is void after an edit of a migration before the plan, and of SQL of the plan, until it is rehearsed again', async () => {
    await appendFile(
      path.join(journey.root, first),
      '-- edited\ncomment on table customers is $$edited$$;\n',
    );
    const edited = await gate();
    assert.equal(edited.state, 'unknown');
    assert.match(edited.reason, /changed after the rehearsal/);
    const request = {
      database: staging,
      planFolder: plan,
      onEvent: () => undefined,
      control: createRunControl(),
    };
    await assertSays(applyNextStep(journey.context, request), 'gate-not-held', 'changed after the rehearsal');
    await rehearse();
    await writeFile(
      path.join(journey.root, 'migrations/000002_more.up.sql'),
      'create table more (id int);\n',
    );
    await writeFile(path.join(journey.root, 'migrations/000002_more.down.sql'), 'drop table more;\n');
    assert.equal((await gate()).state, 'unknown');
    await rehearse();
    const { plan: loaded } = await loadPlan(journey.context, plan);
    const [step] = loaded.phases.flatMap(({ steps }) => steps);
    await appendFile(path.join(plan, 'steps', `${step!.id}.forward.sql`), '-- edited\n');
    assert.equal((await gate()).state, 'unknown');
  });
});
