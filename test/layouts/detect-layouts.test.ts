import assert from 'node:assert/strict';
import path from 'node:path';
import { detectLayouts } from '../../src/layouts/detect-layouts';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/w');

describe('detecting layouts', () => {
  const files = memoryFiles({
    '/w/db/migrations/000001_a.up.sql': '',
    '/w/db/migrations/000001_a.down.sql': '',
    '/w/billing/sql/001_b.sql': '',
    '/w/billing/sql/rollback/001_b.sql': '',
    '/w/plans/20260101-x/held/001_c.sql': '',
    '/w/plans/20260101-x/held/001_c_rollback.sql': '',
    '/w/queries/report.sql': '',
  });

  it('finds several folders, not plans, rollback folders or plain queries', async () => {
    const found = await detectLayouts({ root, folders: [], exclude: ['plans'], files });
    assert.deepEqual(
      found.map((item) => [path.relative(root, item.folder).split(path.sep).join('/'), item.layout.id]),
      [
        ['billing/sql', 'plain'],
        ['db/migrations', 'golang-migrate'],
      ],
    );
    assert.match(found[1]!.evidence.evidence.join(), /000001_a/);
  });

  it('takes the configured folders, and says when one holds nothing', async () => {
    const found = await detectLayouts({ root, folders: ['db/migrations'], exclude: [], files });
    assert.equal(found.length, 1);
    await assert.rejects(detectLayouts({ root, folders: ['nowhere'], exclude: [], files }), {
      code: 'not-found',
    });
  });

  it('stops when cancelled', async () => {
    await assert.rejects(
      detectLayouts({ root, folders: [], exclude: [], files, signal: AbortSignal.abort() }),
    );
  });
});
