import assert from 'node:assert/strict';
import { mergeRecipePlans } from '../../src/plan/merge-recipe-plans';
import { numberSteps, type StepDraft } from '../../src/plan/pieces/step-draft';
import { deployStep, waitStep } from '../../src/plan/pieces/plain-steps';
import type { PhaseName } from '../../src/plan/plan';
import type { RecipePlan } from '../../src/plan/recipe';

const nothing = { sql: 'SELECT true AS holds;', expectation: 'it holds' };

function work(slug: string): StepDraft {
  return {
    slug,
    kind: 'migration',
    title: slug,
    action: slug,
    forward: `SELECT '${slug}'`,
    rollback: { kind: 'sql', sql: 'SELECT 1' },
    verification: nothing,
    forecast: null,
  };
}

function release(slug: string): StepDraft {
  return deployStep({
    slug,
    title: slug,
    action: slug,
    holds: [`'${slug}' <> ''`],
    expectation: slug,
    instructions: `Do ${slug}.`,
    rollbackInstructions: `Undo ${slug}.`,
  });
}

function wait(days: number): StepDraft {
  return waitStep(days, `still there for ${days}`, 'old code');
}

function recipe(steps: Record<PhaseName, StepDraft[]>, noReturn: string | null = null): RecipePlan {
  const phases = numberSteps(
    (['expand', 'migrate', 'contract'] as const).map((name) => ({
      name,
      goal: `${name} of ${steps.expand[0]?.slug ?? 'none'}.`,
      steps: steps[name],
    })),
  );
  const point = phases.flatMap((phase) => phase.steps).find(({ id }) => id.endsWith(`-${noReturn}`));
  return {
    phases,
    pointOfNoReturn: point ? { step: point.id, why: `lost by ${noReturn}` } : null,
    notes: [],
  };
}

function idsOf({ phases }: RecipePlan): string[][] {
  return phases.map(({ steps }) => steps.map(({ id }) => id));
}

describe('several recipes in one plan', () => {
  it('leaves one alone as it is', () => {
    const one = recipe({ expand: [work('a')], migrate: [wait(3)], contract: [work('b')] }, 'b');
    assert.equal(mergeRecipePlans([one]), one);
  });

  it('has one release and one wait where each has one, and what cannot be taken back last', () => {
    const one = recipe(
      {
        expand: [work('a1')],
        migrate: [work('a2'), release('ra'), wait(10)],
        contract: [work('a3'), work('gone')],
      },
      'gone',
    );
    const other = recipe({
      expand: [work('b1')],
      migrate: [work('b2'), release('rb'), work('b3'), wait(30)],
      contract: [work('b4')],
    });
    const merged = mergeRecipePlans([one, other]);
    assert.deepEqual(idsOf(merged), [
      ['01-a1', '02-b1'],
      ['03-a2', '04-b2', '05-release', '06-b3', '07-wait'],
      ['08-a3', '09-b4', '10-gone'],
    ]);
    assert.deepEqual(merged.pointOfNoReturn, { step: '10-gone', why: 'lost by gone' });
    assert.deepEqual(merged.notes, []);
    const [, migrate] = merged.phases;
    const [joined, , waiting] = migrate!.steps.slice(2);
    assert.ok(joined?.kind === 'deploy' && waiting?.kind === 'wait');
    assert.equal(joined.instructions, 'Do ra.\n\nDo rb.');
    assert.match(
      joined.verification!.sql,
      /FROM \(SELECT .*'ra' <> ''.*\) AS proof_1\)\s+AND .*'rb' <> ''.* AS proof_2\) AS holds/s,
    );
    assert.equal(waiting.days, 30);
    assert.equal(waiting.action, 'still there for 10 still there for 30');
    assert.equal(merged.phases[0]!.goal, 'expand of a1. expand of b1.');
  });

  it('says of a change whose way back ends early what it takes with it', () => {
    const early = recipe({ expand: [work('a1')], migrate: [release('for good')], contract: [] }, 'for good');
    const later = recipe({ expand: [work('b1')], migrate: [work('b2'), wait(1)], contract: [work('b3')] });
    const merged = mergeRecipePlans([early, later]);
    assert.deepEqual(merged.pointOfNoReturn, { step: '04-for good', why: 'lost by for good' });
    assert.match(merged.notes[0]!, /From step 04-for good on .* 1 later steps/);
  });
});
