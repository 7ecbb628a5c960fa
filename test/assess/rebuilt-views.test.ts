import assert from 'node:assert/strict';
import { assessmentOf } from '../plan/assessment';
import { withSchema } from './with-schema';

describe('a view that is made anew', function () {
  this.timeout(60_000);
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TABLE app.orders (id int PRIMARY KEY, n int);
    CREATE VIEW app.seen AS SELECT id, n FROM app.orders;
    CREATE VIEW app.over AS SELECT n FROM app.seen;
    CREATE MATERIALIZED VIEW app.kept AS SELECT id, n FROM app.over JOIN app.seen USING (n);
    CREATE INDEX of_n ON app.kept (n);
    CREATE MATERIALIZED VIEW app.above AS SELECT id FROM app.kept;
    CREATE FUNCTION app.first() RETURNS app.seen LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);

  const blockersOf = async (
    kind: 'rebuild-view' | 'replace-materialized-view',
    name: string,
    definition: string,
  ): Promise<string> =>
    (await assessmentOf(session(), { kind, table: { schema: 'app', name }, definition })).blockers.join('\n');

  it('is left alone where others need its columns, its type, or rows of it', async () => {
    const blockers = await blockersOf('rebuild-view', 'seen', 'SELECT id FROM app.orders');
    assert.match(blockers, /app\.over uses n of app\.seen/);
    assert.match(blockers, /materialized view app\.kept reads app\.seen/);
    assert.match(blockers, /function app\.first\(\) depends on app\.seen/);
    assert.match(
      await blockersOf('rebuild-view', 'over', 'SELECT n, 1 AS more FROM app.orders'),
      /Plan it by replace-view/,
    );
    assert.match(await blockersOf('rebuild-view', 'kept', 'SELECT 1'), /replace-materialized-view/);
    await assert.rejects(blockersOf('rebuild-view', 'over', 'SELECT n FROM app.over'), /never end/);
  });

  it('is another one where its rows are kept', async () => {
    const blockers = await blockersOf('replace-materialized-view', 'kept', 'SELECT id FROM app.orders');
    assert.match(blockers, /index app\.of_n is on n/);
    assert.match(blockers, /materialized view app\.above reads app\.kept/);
    assert.match(await blockersOf('replace-materialized-view', 'over', 'SELECT 1'), /no materialized view/);
  });
});
