import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import type { Change } from '../../src/assess/change';
import { stepsOf } from '../../src/plan/plan';
import { assessmentOf } from './assessment';
import { withDatabase } from './database';
import { runStep } from './execute';
import { planned } from './planned';

const table = { schema: 'public', name: 't' };

const schema = `
  CREATE DOMAIN word AS text DEFAULT 'none at all';
  CREATE TABLE other (id int PRIMARY KEY);
  CREATE TABLE t (id int PRIMARY KEY, other int NOT NULL UNIQUE REFERENCES other, o word);
  INSERT INTO other VALUES (1), (2), (3);
  INSERT INTO t VALUES (1, 1, 'a b');
`;

const splitting: Change = {
  kind: 'split-column',
  table,
  column: 'o',
  into: [
    { column: 'one', type: 'text', expression: `split_part(o, ' ', 1)` },
    { column: 'two', type: 'text', expression: `substr(o, strpos(o, ' ') + 1)` },
  ],
  back: `one || ' ' || two`,
};

for (const major of testMajors) {
  describe(`defaults of domains on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    it('do not stand for what the old column of a split is computed from', async () => {
      await withDatabase(major, async (session) => {
        await session.script(schema);
        const { plan } = await planned(session, splitting);
        const [expand, ...rest] = stepsOf(plan);
        await runStep(session, expand!);
        await session.script(
          `INSERT INTO t (id, other, one, two) VALUES (2, 2, 'c', 'd'); INSERT INTO t (id, other) VALUES (3, 3)`,
        );
        const { rows } = await session.query('SELECT o, one, two FROM t WHERE id > 1 ORDER BY id');
        assert.deepEqual(rows, [
          { o: 'c d', one: 'c', two: 'd' },
          { o: 'none at all', one: 'none', two: 'at all' },
        ]);
        for (const step of rest) await runStep(session, step);
      });
    });

    for (const [title, change, words] of [
      [
        'a move to another table',
        {
          kind: 'move-column',
          table,
          columns: ['o'],
          to: { schema: 'public', name: 'other' },
          constraint: null,
        },
        /domain public\.word, whose default/,
      ],
      [
        'another type',
        { kind: 'change-column-type', table, column: 'o', type: 'text', using: null, back: null },
        /default, 'none at all'::text, from the domain public\.word.*set-default/,
      ],
    ] as [string, Change, RegExp][]) {
      it(`stop ${title}`, async () => {
        await withDatabase(major, async (session) => {
          await session.script(schema);
          const { blockers } = await assessmentOf(session, change);
          const refusal = await planned(session, change).then(
            () => '',
            (error: Error) => error.message,
          );
          assert.match([...blockers, refusal].join('\n'), words);
        });
      });
    }
  });
}
