import assert from 'node:assert/strict';
import { inOrder, mentions, ranks } from '../../src/reverse/reverse-step';

describe('the order of the statements of a way back', () => {
  it('puts what others mention before them', () => {
    const view = (name: string, query: string) => ({
      rank: ranks.createView,
      sql: `CREATE VIEW ${name} AS ${query}`,
    });
    assert.deepEqual(inOrder([view('app.a', 'SELECT * FROM app.b'), view('app.b', 'SELECT 1')]), [
      'CREATE VIEW app.b AS SELECT 1',
      'CREATE VIEW app.a AS SELECT * FROM app.b',
    ]);
  });

  it('is found at once among many that mention each other', function () {
    this.timeout(2_000);
    const names = Array.from({ length: 40 }, (_, index) => `app.t${index}`);
    const steps = names.map((name) => ({
      rank: ranks.dropTable,
      sql: `DROP TABLE ${name}`,
      mentions: names.join(' '),
    }));
    assert.equal(inOrder(steps).length, names.length);
  });

  it('finds no name that is empty', function () {
    this.timeout(2_000);
    assert.equal(mentions('CREATE CAST (text AS app.kind)', ''), false);
  });
});
