import assert from 'node:assert/strict';
import { changeTypes } from '../../../src/assess/change';
import { codeSearch } from '../../../src/assess/research/code-search';
import { assessmentText } from '../../../src/cli/text/assessment';
import { layouts } from '../../../src/layouts/layouts';
import { toolPages } from '../../../src/layouts/tool-pages';
import { researchView } from '../../../src/workbench/wizard/research-view';
import { plainNames, sampleAssessment } from '../../implement/scaffold/sample-plan';

describe('links of research', () => {
  it('lead to the pages of every migration tool', () => {
    for (const { id } of layouts) {
      const address = toolPages[id];
      if (id === 'plain') assert.equal(address, null);
      else assert.equal(new URL(address!).protocol, 'https:', id);
    }
  });

  it('search public code by keywords of SQL alone', () => {
    for (const { kind } of changeTypes) {
      const found = codeSearch(kind);
      if (found === null) continue;
      const { origin, searchParams } = new URL(found.address);
      assert.equal(origin, 'https://github.com');
      assert.match(searchParams.get('q')!, /^language:SQL( "[A-Z ]+")+$/);
    }
    assert.equal(codeSearch('raw-sql'), null);
  });

  it('are in the terminal and in the wizard, with what was done before', () => {
    const assessment = sampleAssessment(plainNames);
    const text = assessmentText(assessment);
    assert.match(text, /ALTER TABLE: Notes: https:\/\/www\.postgresql\.org\/docs\/18\/sql-altertable\.html#/);
    assert.match(
      text,
      /000007_rename\.up\.sql:3 {2}ALTER TABLE public\.customers RENAME COLUMN .*2025-05-06\)/,
    );
    assert.match(text, /000002_rename\.up\.sql:1 {2}ALTER TABLE orders RENAME total TO amount\n/);
    const view = researchView(assessment)!;
    assert.deepEqual(
      view.past.map(({ commit }) => commit),
      ['Ada | [Lovelace](x) on 2025-05-06', null],
    );
    const { research: _none, ...without } = assessment;
    assert.equal(researchView(without), null);
    assert.doesNotMatch(assessmentText(without), /postgresql\.org/);
  });
});
