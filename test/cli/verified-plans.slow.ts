import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PhaseName, Plan, PlanProgress, PlanState, Step } from '../../src/plan/plan';
import type { Report } from '../../src/verify/report';
import { hasProgram } from '../implement/scripts/script-workspace';
import { recipeCases } from '../recipes/cases';
import { firstOfEachKind } from '../recipes/first-of-each-kind';
import { plainNames, type RecipeCase } from '../recipes/recipe-case';
import { applyPhase, openTerminal, type Terminal } from './terminal';

const agreeing = ['consent-schema', 'no-return', 'shorten-wait'].flatMap((id) => ['--yes', id]);

describe('a plan of each kind of change, verified from the terminal', function () {
  this.timeout(180_000);

  for (const { title, build } of firstOfEachKind(recipeCases)) {
    it(`${title}: when all of it is done, and its verify.sql runs after each phase`, async () => {
      const played = build(plainNames);
      const terminal = await openTerminal(18, {
        'migrations/000001_base.up.sql': `create schema app;\n${played.schema};\n`,
        'migrations/000001_base.down.sql': 'drop schema app cascade;\n',
      });
      try {
        await terminal.succeed('apply', 'migrations/000001_base.up.sql', ...agreeing);
        await terminal.session.query('analyze');
        const scaffolded = await terminal.succeed('scaffold', ...wordsOf(played), '--format', 'json');
        const { plan } = scaffolded.json<{ plan: string }>();
        await runVerifySql(terminal, plan);
        for (const phase of await phasesOf(terminal, plan)) {
          const state = await finishPhase(terminal, plan, phase);
          await runVerifySql(terminal, plan);
          if (state === 'done') await assertVerified(terminal, plan);
        }
      } finally {
        await terminal.close();
      }
    });
  }
});

function wordsOf({ change, commandLine }: RecipeCase): string[] {
  assert.ok(commandLine, `${change.kind} has a case with a command line`);
  const { schema, name } = change.table;
  const options = Object.entries(commandLine).flatMap(([option, value]) =>
    typeof value === 'string' ? [`--${option}`, value] : value ? [`--${option}`] : [],
  );
  return [change.kind, '--table', `${schema}.${name}`, ...options];
}

async function phasesOf(terminal: Terminal, plan: string): Promise<PhaseName[]> {
  const answer = await terminal.succeed('status', '--format', 'json');
  const { plans } = answer.json<{ plans: { id: string; plan: Plan }[] }>();
  const { phases } = plans.find(({ id }) => id === plan)!.plan;
  return phases.filter(({ steps }) => steps.length > 0).map(({ name }) => name);
}

/** Releases the application where it is asked, and ends the waits, until the phase is over; gives the plan's state. */
async function finishPhase(terminal: Terminal, plan: string, phase: PhaseName): Promise<PlanState> {
  const steps = await terminal.steps(plan);
  let progress = await applyPhase(terminal, plan, phase, ...agreeing);
  for (const step of steps) {
    const state = progress.steps.find(({ id }) => id === step.id)?.state;
    if (!isReached(steps, progress, step.id) || state === 'done' || state === 'skipped') continue;
    if (step.kind === 'deploy')
      await terminal.succeed('apply', plan, '--confirm-deploy', step.id, ...agreeing);
    else if (step.kind === 'wait')
      await terminal.succeed('apply', plan, '--shorten-wait', step.id, ...agreeing);
    else break;
    progress = await applyPhase(terminal, plan, phase, ...agreeing);
  }
  return progress.state;
}

/** Whether all steps before this one are over. */
function isReached(steps: readonly Step[], progress: PlanProgress, id: string): boolean {
  const before = steps.slice(
    0,
    steps.findIndex((step) => step.id === id),
  );
  return before.every((step) =>
    progress.steps.some((each) => each.id === step.id && (each.state === 'done' || each.state === 'skipped')),
  );
}

async function assertVerified(terminal: Terminal, plan: string): Promise<void> {
  const answer = await terminal.run('verify', plan, '--format', 'json');
  const report = answer.json<Partial<Report>>();
  assert.ok(report.checks, answer.told.join('\n'));
  const failed = report.checks.filter(({ verdict }) => verdict === 'failed');
  assert.deepEqual(failed, []);
  assert.equal(answer.exitCode, 0);
}

async function runVerifySql(terminal: Terminal, plan: string): Promise<void> {
  if (!(await hasProgram('psql'))) return;
  const { host, port, user, database } = terminal.database.connection;
  const file = path.join(terminal.folder, 'plans', plan, 'verify.sql');
  await promisify(execFile)('psql', ['--no-psqlrc', '--set', 'ON_ERROR_STOP=1', '--file', file], {
    env: {
      ...process.env,
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGDATABASE: database,
      PGPASSWORD: terminal.database.password,
    },
  });
}
