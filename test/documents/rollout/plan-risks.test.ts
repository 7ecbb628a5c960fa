import assert from 'node:assert/strict';
import { risksOf } from '../../../src/documents/rollout/plan-risks';
import { planCalendar, pullRequestDocument } from '../../../src/journey/plan-document-contexts';
import type { Plan } from '../../../src/plan/plan';
import { plainNames } from '../../implement/scaffold/sample-plan';
import { sampleFacts } from './sample-documents';

const lint = { summary: '', findings: [] };

/** The sample's plan of another kind of change, which waits for so many days. */
function waiting(days: number): ReturnType<typeof sampleFacts> {
  const facts = sampleFacts(plainNames);
  const { table } = plainNames;
  const plan: Plan = {
    ...facts.plan,
    options: { ...facts.plan.options, deprecationDays: days },
    change: { kind: 'set-default', table, column: 'name', expression: "''" },
    phases: facts.plan.phases.map((phase) => ({
      ...phase,
      steps: phase.steps
        .filter(({ kind }) => kind !== 'wait' || days > 0)
        .map((step) => (step.kind === 'wait' ? { ...step, days } : step)),
    })),
  };
  return { ...facts, plan };
}

describe('the text of a pull request', () => {
  it('has the risks as plan.md has them', () => {
    const text =
      '---\nid: a\n---\n# A\n\n## Risks\n\nThe overall risk is low.\n\n| Risk |\n|---|\n| One \\| two |\n';
    const section = 'The overall risk is low.\n\n| Risk |\n|---|\n| One \\| two |';
    assert.equal(risksOf(`${text}\n## Success criteria\n\n- [ ] done\n`), section);
    assert.equal(risksOf(text.replaceAll('\n', '\r\n')), section);
    assert.equal(risksOf(`${text}<!-- switchback:end risks -->\n`), section);
    assert.equal(risksOf('# A\n\n### Risks\n\nnone\n'), '');
  });

  it('has the days of the deprecation of every plan that waits, as long as it waits', () => {
    const labels = (days: number): string[] =>
      pullRequestDocument(waiting(days), lint).deprecation.map(({ label }) => label);
    assert.deepEqual(labels(90), ['T+0', 'T+30d', 'T+60d', 'T+90d']);
    assert.deepEqual(labels(30), ['T+0', 'T+10d', 'T+20d', 'T+30d']);
    assert.deepEqual(labels(0), []);
    const events = planCalendar(waiting(90)).events.map(({ id }) => id);
    assert.equal(events.filter((id) => id.startsWith('deprecation-')).length, 4);
  });
});
