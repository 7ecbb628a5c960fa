import assert from 'node:assert/strict';
import path from 'node:path';
import { noPlanAnswers } from '../../../src/assess/plan-answers';
import { scaffoldPlan } from '../../../src/implement/scaffold/scaffold-plan';
import { atlasSum } from '../../../src/layouts/atlas-sum';
import { committedText } from '../../../src/layouts/graphile-migrate-file';
import type { LayoutId } from '../../../src/layouts/layout';
import { memoryFiles } from '../../support/memory-files';
import { plainNames, sampleAssessment, samplePlan } from './sample-plan';
import { shippedTemplates } from './shipped-templates';

const root = path.resolve('/w');

const workspaces: [LayoutId, Record<string, string>][] = [
  [
    'graphile-migrate',
    { '/w/db/migrations/committed/000041-old.sql': committedText('select 1;', null, 'old') },
  ],
  [
    'atlas',
    {
      '/w/db/migrations/20240101000000_old.sql': 'select 1;',
      '/w/db/migrations/atlas.sum': atlasSum([{ name: '20240101000000_old.sql', text: 'select 1;' }]),
    },
  ],
  [
    'sqitch',
    {
      '/w/db/migrations/deploy/old.sql': 'select 1;',
      '/w/db/migrations/sqitch.plan': '%project=shop\n\nold 2024-01-01T00:00:00Z A <a@b>\n',
    },
  ],
];

for (const [id, there] of workspaces) {
  describe(`scaffolding a plan twice into a folder of ${id}, whose files hang on those before`, () => {
    it('leaves what was released as it is', async () => {
      const files = memoryFiles({ ...shippedTemplates(), ...there });
      const plan = samplePlan(plainNames);
      const scaffold = (): ReturnType<typeof scaffoldPlan> =>
        scaffoldPlan({
          plan: { ...plan, layout: { ...plan.layout, id, folder: 'db/migrations' } },
          assessment: sampleAssessment(plainNames),
          notes: [],
          answers: noPlanAnswers,
          prerequisites: [],
          folder: path.join(root, 'plans/20260304-rename-name'),
          root,
          files,
          templates: { shipped: '/templates', override: null },
          now: new Date('2026-03-04T05:06:07Z'),
          resolve: (conflict) => Promise.reject(new Error(`asked about ${conflict.path}`)),
        });
      const first = await scaffold();
      assert.ok(first.release.written.length > 0);
      const texts = await Promise.all(files.paths().map((file) => files.read(file)));
      assert.deepEqual((await scaffold()).written, []);
      assert.deepEqual(await Promise.all(files.paths().map((file) => files.read(file))), texts);
    });
  });
}
