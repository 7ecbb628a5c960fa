import assert from 'node:assert/strict';
import { runAlong } from '../../src/journey/by-tool';
import { appliedRow } from '../../src/layouts/applied-row';
import { knex } from '../../src/layouts/knex';
import type { Layout, Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { typeorm } from '../../src/layouts/typeorm';

const versions = ['1700000000001', '1700000000002', '1700000000003', '1700000000004'];
const migrations = versions.map(
  (version) => ({ version, name: `N${version.at(-1)!}`, upPath: `${version}.ts`, isCode: true }) as Migration,
);
const [first, second, third, fourth] = migrations as [Migration, Migration, Migration, Migration];

/** What runs beside a migration where these are applied, in this order. */
function along(
  layout: Layout,
  applied: readonly Migration[],
  migration: Migration,
  direction: 'up' | 'down',
): string[] {
  const rows = applied.map(({ version, name }) => appliedRow(version, { name }));
  const history = { exists: true, table: 'migrations', applied: rows, cumulative: false };
  const none = new Map<string, null>();
  const statuses = migrationStatuses({ migrations, history, layout, up: none, down: none });
  return runAlong(layout, { statuses, history }, migration, direction).map(({ version }) => version);
}

describe('what one call of a tool runs beside a migration', () => {
  it('is all that is pending where the tool applies all, and nothing where it applies one', () => {
    assert.deepEqual(along(typeorm, [first], third, 'up'), [second.version, fourth.version]);
    assert.deepEqual(along(knex, [first], third, 'up'), []);
  });

  it('is refused where the tool would take back the one applied last, which is another', () => {
    // The second was applied after the third: it is the last, though its version is not.
    const applied = [first, third, second];
    assert.deepEqual(along(typeorm, applied, second, 'down'), []);
    assert.throws(() => along(typeorm, applied, third, 'down'), /1700000000002 N2\. Roll that one back/);
    assert.throws(() => along(typeorm, applied, first, 'down'), { code: 'invalid-input' });
    assert.deepEqual(along(knex, applied, third, 'down'), []);
  });
});
