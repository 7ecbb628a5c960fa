import assert from 'node:assert/strict';
import type { Assessment } from '../../src/assess/assessment';
import { dependencyLines } from '../../src/cli/text/dependencies';
import { graphView } from '../../src/workbench/wizard/graph-view';
import { plainNames, sampleAssessment } from '../implement/scaffold/sample-plan';

describe('the picture of what depends on a change', () => {
  const assessment = sampleAssessment(plainNames);
  const subject = assessment.dependencies!.subjects[0]!;

  it('has the subject, objects and files, each with an arrow to what it uses', () => {
    const graph = graphView(assessment)!;
    assert.deepEqual(
      graph.nodes.map(({ kind, opens }) => [kind, opens]),
      [
        ['column', false],
        ['view', false],
        ['function', false],
        ['materialized view', false],
        ['file', true],
      ],
    );
    assert.deepEqual(
      graph.arrows.map(({ from, to, writes, certain }) => [from, to, writes, certain]),
      [
        ['view 1', subject, false, true],
        ['view 2', 'view 1', false, true],
        ['function 1', subject, true, false],
        ['app/customers.js', subject, false, false],
      ],
    );
    assert.equal(graph.note, null);
  });

  it('says how many it leaves out, those far away', () => {
    const ids = Array.from({ length: 100 }, (_, index) => `view ${index}`);
    const many: Assessment = {
      ...assessment,
      dependencies: {
        subjects: [subject],
        objects: ids.map((id) => ({ id, kind: 'view', name: id, definition: 'SELECT 1' })),
        uses: ids.map((by, index) => ({
          by,
          of: index === 0 ? subject : ids[index - 1]!,
          writes: false,
          certain: true,
        })),
        truncated: true,
      },
    };
    const graph = graphView(many)!;
    assert.equal(graph.nodes.length, 82);
    assert.equal(graph.nodes[1]!.label, 'view 0');
    assert.match(graph.note!, /^20 objects further away are not drawn\. There are more objects/);
    assert.match(dependencyLines(many.dependencies!).at(-1)!, /more than can be followed/);
  });

  it('is none where nothing that is there changes', () => {
    assert.equal(graphView({ ...assessment, dependencies: null }), null);
  });

  it('is told in the terminal with the way that leads there', () => {
    const view = assessment.dependencies!.objects[0]!.name;
    assert.deepEqual(dependencyLines(assessment.dependencies!), [
      `view ${view}: reads`,
      'function public.rename(text): writes, by its text',
      `materialized view of ${view}: reads, through ${view}`,
    ]);
  });
});
