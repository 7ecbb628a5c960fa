import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../../src/plan/plan';
import { switchback, type CliAnswer } from '../../cli/support';
import type { ShopDatabase } from '../kit/shop-database';

/** Takes the tour's rename from the terminal through all its phases, on the sample shop. Gives the plan's folder. */
export async function renameInTerminal(workspace: string, database: ShopDatabase): Promise<string> {
  const run = async (...words: string[]): Promise<CliAnswer> => {
    const environment = { ...process.env, SHOP_URL: database.url };
    const answer = await switchback(workspace, environment, ...words, '--database-url', 'env:SHOP_URL');
    if (answer.exitCode !== 0)
      throw new Error(`${words.join(' ')} failed:\n${answer.out}\n${answer.told.join('\n')}`);
    return answer;
  };
  for (const file of await pending(workspace)) await run('apply', path.join('migrations', file));
  const scaffolded = await run(
    ...['scaffold', 'rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'],
    ...['--batch-milliseconds', '20', '--users', 'everybody who orders, and the support'],
    ...['--systems', 'the shop, with its code in queries and src', '--downtime', 'none'],
    ...['--confirm-prerequisite', 'stakeholders=the product owner', '--format', 'json'],
  );
  const { plan } = scaffolded.json<{ plan: string }>();
  await run('apply', plan, '--phase', 'expand', '--yes', 'consent-schema');
  await run('apply', plan, '--release', 'migrate', '--phase', 'migrate');
  const steps = async (): Promise<Plan['phases'][number]['steps']> => {
    const { plans } = (await run('status', '--format', 'json')).json<{
      plans: { id: string; plan: Plan }[];
    }>();
    return plans.find((item) => item.id === plan)!.plan.phases.flatMap((phase) => phase.steps);
  };
  for (const step of (await steps()).filter(({ kind }) => kind === 'deploy')) {
    await run('apply', plan, '--confirm-deploy', step.id);
    await run('apply', plan, '--phase', 'migrate');
  }
  await run('verify', plan);
  for (const step of (await steps()).filter(({ kind }) => kind === 'wait'))
    await run('apply', plan, '--shorten-wait', step.id, '--yes', 'shorten-wait');
  await run('apply', plan, '--phase', 'contract', '--yes', 'no-return');
  return path.join(workspace, 'plans', plan);
}

/** The migrations of the sample shop that are not applied yet. */
async function pending(workspace: string): Promise<string[]> {
  const files = await readdir(path.join(workspace, 'migrations'));
  return files.filter((name) => /^01[0-2]_.*\.up\.sql$/.test(name)).sort();
}
