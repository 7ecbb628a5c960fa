import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import type { Session } from '../../src/database/session';
import { stepsOf, type DeployStep, type PlanOptions, type Step } from '../../src/plan/plan';
import { withDatabase } from './database';
import { runStep } from './execute';
import { planned } from './planned';

const table = '"Wei`rd ${x}"."ta\\ble"';
const change = {
  kind: 'rename-column' as const,
  table: { schema: 'Wei`rd ${x}', name: 'ta\\ble' },
  from: 'na"me`',
  to: '${new}',
};
const schema = `
  CREATE SCHEMA "Wei\`rd \${x}";
  CREATE TABLE ${table} ("key" int, part text, "na""me\`" text NOT NULL, needed int NOT NULL, PRIMARY KEY ("key", part));
`;

/** Runs the sample as an application would, with a client that is the session; gives what it returns. */
async function runSample(session: Session, code: string, key: number): Promise<unknown> {
  const client = { query: (sql: string, values: unknown[]) => session.query(sql, values) };
  const row = { key, part: 'p', needed: 1 };
  const work = runInNewContext(`(async () => {${code}\n})()`, {
    client,
    row,
    value: `value ${key}`,
  }) as Promise<unknown>;
  return work;
}

function isRelease(step: Step): step is DeployStep {
  return step.kind === 'deploy';
}

const choices: Partial<PlanOptions>[] = [
  { dualWrite: 'trigger', deploySteps: 'one' },
  { dualWrite: 'trigger', deploySteps: 'separate' },
  { dualWrite: 'application' },
];

for (const options of choices) {
  const words = Object.values(options).join(', ');
  it(`the code of each release of a rename runs before and after it, with any names (${words})`, async function () {
    this.timeout(60_000);
    await withDatabase(18, async (session) => {
      await session.script(schema);
      const { plan } = await planned(session, change, undefined, options);
      assert.equal(
        stepsOf(plan).filter(isRelease).length,
        words.includes('one') ? 1 : words.includes('separate') ? 2 : 3,
      );
      let key = 0;
      for (const step of stepsOf(plan)) {
        if (isRelease(step)) {
          for (const code of [step.sample!.before, step.sample!.after]) {
            key += 1;
            const got = await runSample(session, code, key);
            const { rows } = await session.query(`SELECT * FROM ${table} WHERE "key" = $1`, [key]);
            const written = rows[0];
            if (/INSERT/.test(code)) assert.ok(Object.values(written ?? {}).includes(`value ${key}`), code);
            if (/SELECT/.test(code) && /INSERT/.test(code))
              assert.deepEqual([...(got as unknown[])], [`value ${key}`]);
          }
        }
        await runStep(session, step);
      }
    });
  });
}
