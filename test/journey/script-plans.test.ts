import assert from 'node:assert/strict';
import path from 'node:path';
import { noPlanAnswers } from '../../src/assess/plan-answers';
import { scaffoldPlan } from '../../src/implement/scaffold/scaffold-plan';
import { lintFiles } from '../../src/journey/lint';
import { forgetFolders, newLintMemory } from '../../src/journey/lint-memory';
import { planOfScript, readScriptPlans } from '../../src/journey/script-plans';
import type { JourneyContext } from '../../src/journey/workspace';
import { plainNames, sampleAssessment, samplePlan } from '../implement/scaffold/sample-plan';
import { shippedTemplates } from '../implement/scaffold/shipped-templates';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w');
const folder = path.join(root, 'plans/20260304-rename-name');
const at = (file: string): string => path.join(root, ...file.split('/'));

function workspace(files = memoryFiles()): JourneyContext {
  return { ...testContext(root), files };
}

async function withPlan(): Promise<JourneyContext> {
  const context = workspace(
    memoryFiles({
      ...shippedTemplates(),
      '/w/db/migrations/000041_old.up.sql': 'create table customers (id int primary key, name text);',
      '/w/db/migrations/000041_old.down.sql': 'drop table customers;',
    }),
  );
  await scaffoldPlan({
    plan: samplePlan(plainNames),
    assessment: sampleAssessment(plainNames),
    notes: [],
    answers: noPlanAnswers,
    prerequisites: [],
    folder,
    root,
    files: context.files,
    templates: { shipped: '/templates', override: null },
    now: new Date('2026-03-04T05:06:07Z'),
    resolve: (conflict) => Promise.reject(new Error(`asked about ${conflict.path}`)),
  });
  return context;
}

describe('what plans say of SQL files', function () {
  this.timeout(60_000);

  it('is nothing where there are no plans', async () => {
    const plans = await readScriptPlans(workspace());
    assert.deepEqual(planOfScript(plans, at('db/migrations/000001_a.up.sql')), { kind: 'none' });
    assert.equal(planOfScript(plans, at('plans/notes.sql')), null);
  });

  it('is the phase of the step a file was released, held or executed for', async () => {
    const context = await withPlan();
    const plans = await readScriptPlans(context);
    const steps = [...plans.steps.keys()].map((file) => path.relative(root, file).split(path.sep).join('/'));
    const released = steps.filter((file) => file.startsWith('db/migrations/000042_'));
    assert.ok(released.length > 0);
    for (const file of released) {
      assert.deepEqual(planOfScript(plans, at(file)), {
        kind: 'step',
        plan: '20260304-rename-name',
        phase: 'expand',
        deprecationDays: 30,
        timed: false,
      });
    }
    const held = steps.find((file) => file.includes('/held/') && plans.steps.get(at(file))?.kind === 'step');
    assert.ok(held);
    assert.deepEqual(planOfScript(plans, at('db/migrations/000041_old.up.sql')), { kind: 'none' });
  });

  it('is not known of other files where a plan cannot be read', async () => {
    const context = await withPlan();
    await context.files.write(path.join(folder, 'plan.md'), '---\nswitchback: 1\nphases: nonsense\n---\n');
    const plans = await readScriptPlans(context);
    assert.equal(planOfScript(plans, at('db/migrations/000041_old.up.sql')), null);
  });

  it('decides whether dropping a column is a finding', async () => {
    const context = await withPlan();
    const memory = newLintMemory({ watched: true });
    const drop = 'alter table customers drop column name;';
    const file = at('db/migrations/000050_drop.up.sql');
    await context.files.write(file, drop);
    const rules = async (path: string): Promise<string[]> => {
      const { files } = await lintFiles(context, [path], { memory });
      return files[0]!.findings
        .map((finding) => finding.rule)
        .filter((rule) => /drop-column$|without/.test(rule));
    };
    assert.deepEqual(await rules(file), ['drop-column']);
    await context.files.write(file, `-- switchback:deprecated since 2026-01-31 full_name has it\n${drop}`);
    forgetFolders(memory);
    assert.deepEqual(await rules(file), []);
    for (const date of ['2026-02-31', 'soon']) {
      await context.files.write(file, `-- switchback:deprecated since ${date} full_name has it\n${drop}`);
      forgetFolders(memory);
      assert.deepEqual(await rules(file), ['drop-column']);
    }
    const plans = await readScriptPlans(context);
    const held = [...plans.steps.keys()].filter((path) => path.includes('held'));
    const texts = await Promise.all(held.map((path) => context.files.readIfExists(path)));
    const dropping = held.filter((_path, index) => /DROP COLUMN/.test(texts[index] ?? ''));
    assert.ok(
      dropping.some((path) => planOfScript(plans, path)?.kind === 'step' && path.endsWith('.up.sql')),
    );
    for (const path of dropping) assert.deepEqual(await rules(path), []);
  });
});
