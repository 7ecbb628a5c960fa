import assert from 'node:assert/strict';
import type { AppliedMigration, Direction, History, Migration } from '../../src/layouts/layout';
import { assertCodeInOrder } from '../../src/layouts/next-in-order';
import { nodePgMigrate } from '../../src/layouts/node-pg-migrate';
import { postgrator } from '../../src/layouts/postgrator';

const row = (version: string): AppliedMigration => ({
  version,
  ...{ name: null, appliedAt: null, appliedBy: null, milliseconds: null, contentHash: null, dirty: false },
});

describe('migrations in code, beside those in SQL', () => {
  const refused = (
    layout: typeof postgrator,
    direction: Direction,
    versions: { sql: string[]; code: string[]; at: string; applied: string[] },
  ): boolean => {
    const siblings = versions.sql.map((version, index): Migration => ({
      ...{ version, name: '', folder: '/m', layout: layout.id, upPath: '', downPath: null },
      ...(index === 0 ? { codeVersions: versions.code } : {}),
    }));
    const migration = siblings.find(({ version }) => version === versions.at)!;
    const cumulative = layout === postgrator;
    const history: History = { exists: true, table: '', applied: versions.applied.map(row), cumulative };
    try {
      assertCodeInOrder({ migration, siblings, layout }, history, direction);
      return false;
    } catch (error) {
      assert.equal((error as { code: string }).code, 'invalid-input');
      assert.match((error as Error).message, new RegExp(`written as code.*${layout.title}`));
      return true;
    }
  };

  it('are applied first where they come first', () => {
    const folder = { sql: ['1_a', '3_c'], code: ['2_b'], at: '3_c' };
    assert.equal(refused(nodePgMigrate, 'up', { ...folder, applied: ['1_a'] }), true);
    assert.equal(refused(nodePgMigrate, 'up', { ...folder, applied: ['1_a', '2_b'] }), false);
    assert.equal(refused(nodePgMigrate, 'up', { ...folder, at: '1_a', applied: [] }), false);
    const numbered = { sql: ['1', '3'], code: ['2'], at: '3' };
    assert.equal(refused(postgrator, 'up', { ...numbered, applied: ['1'] }), true);
    assert.equal(refused(postgrator, 'up', { ...numbered, applied: ['2', '1'] }), false);
    assert.equal(refused(postgrator, 'up', { ...numbered, applied: ['3'] }), false);
    assert.equal(refused(postgrator, 'up', { ...numbered, code: [], applied: [] }), false);
  });

  it('are taken back first where they came last', () => {
    const folder = { sql: ['1', '3'], code: ['2'], at: '1' };
    assert.equal(refused(postgrator, 'down', { ...folder, applied: ['2', '1'] }), true);
    assert.equal(refused(postgrator, 'down', { ...folder, applied: ['1'] }), false);
    assert.equal(refused(postgrator, 'down', { ...folder, at: '3', applied: ['3', '2', '1'] }), false);
  });
});
