import assert from 'node:assert/strict';
import { migrationStep } from '../../src/plan/pieces/plain-steps';
import { constraintExists, regclass } from '../../src/plan/pieces/sql-text';
import { numberSteps } from '../../src/plan/pieces/step-draft';
import { stepsOf, type Plan, type PlanProgress, type Step } from '../../src/plan/plan';
import { locklessForecast } from '../../src/plan/pieces/lockless-forecast';
import { loadParser } from '../../src/sql/parser';
import { whyTakenAway } from '../../src/verify/taken-away';

const orders = { schema: 'app', name: 'orders' };
const proved = constraintExists(orders, 'bound', true);
const there = `${regclass(orders)} IS NOT NULL`;

describe('what a later step has taken away', () => {
  it('is a constraint it drops, where the verification asks about it', async () => {
    const why = await whyOf(proved, 'alter table app.orders drop constraint if exists bound');
    assert.equal(why, 'It held when the step was done; "second" has taken away bound since.');
  });

  it('is a table it drops or renames, or moves to another schema', async () => {
    for (const sql of [
      'drop table app.customers, app.orders',
      'alter table app.orders rename to going',
      'alter table app.orders set schema gone',
    ])
      assert.equal(
        await whyOf(there, sql),
        'It held when the step was done; "second" has taken away app.orders since.',
        sql,
      );
  });

  it('is nothing where the step is not done yet', async () => {
    assert.equal(await whyOf(there, 'drop table app.orders', ['01-first']), null);
  });

  it('is nothing of another name, or of a name that only begins the same', async () => {
    for (const sql of [
      'drop table app.orders_2',
      'drop table app.order',
      'alter table app.orders drop constraint other',
      'alter table app.others drop constraint bound',
    ])
      assert.equal(await whyOf(`${proved} AND EXISTS (SELECT FROM app.orders)`, sql), null, sql);
  });

  it('is nothing that the step itself or one before it drops', async () => {
    const steps = stepsFor(`NOT ${there}`, 'select 1');
    assert.equal(await why(steps, steps[1]!, ['01-first', '02-second']), null);
  });
});

async function whyOf(
  condition: string,
  later: string,
  done: readonly string[] = ['01-first', '02-second'],
): Promise<string | null> {
  const steps = stepsFor(condition, later);
  return why(steps, steps[0]!, done);
}

async function why(steps: Step[], step: Step, done: readonly string[]): Promise<string | null> {
  const plan = { phases: [{ name: 'contract', goal: '', steps }] } as unknown as Plan;
  const progress = { steps: done.map((id) => ({ id, state: 'done' })) } as unknown as PlanProgress;
  return whyTakenAway({ plan, progress, parser: await loadParser() }, step);
}

function stepsFor(condition: string, later: string): Step[] {
  const words = { action: '', rollback: { nothing: '' }, expectation: '', forecast: locklessForecast() };
  const drafts = [
    migrationStep({
      ...words,
      slug: 'first',
      title: 'first',
      forward: ['drop table app.orders'],
      holds: [condition],
    }),
    migrationStep({ ...words, slug: 'second', title: 'second', forward: [later], holds: ['true'] }),
  ];
  return stepsOf({ phases: numberSteps([{ name: 'contract', goal: '', steps: drafts }]) });
}
