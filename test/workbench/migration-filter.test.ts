import assert from 'node:assert/strict';
import type { MigrationFlag, MigrationState } from '../../src/layouts/layout';
import {
  filterDescription,
  isFiltering,
  matchesFilter,
  noFilter,
  type FilterState,
} from '../../src/workbench/migration-filter';
import { appliedWords } from '../../src/workbench/migration-words';

describe('the filter of the Migrations view', () => {
  const migration = (
    version: string,
    state: MigrationState,
    flags: MigrationFlag[] = [],
  ): { version: string; name: string; state: MigrationState; flags: MigrationFlag[] } => ({
    version,
    name: `add_${version}_orders`,
    state,
    flags,
  });
  const all = [
    migration('1', 'applied'),
    migration('2', 'applied', ['edited', 'no-down']),
    migration('3', 'failed'),
    migration('4', 'missing'),
    migration('5', 'pending', ['out-of-order', 'irreversible']),
  ];
  const shown = (state: FilterState, text = ''): string =>
    all
      .filter((one) => matchesFilter({ state, text }, one, `000${one.version}_ADD_orders`))
      .map(({ version }) => version)
      .join('');

  it('goes by state', () => {
    assert.equal(shown('all'), '12345');
    assert.equal(shown('applied'), '12');
    assert.equal(shown('failed'), '3');
    assert.equal(shown('missing'), '4');
    assert.equal(shown('pending'), '5');
    assert.equal(shown('edited'), '2');
    assert.equal(shown('no-way-back'), '25');
  });

  it('goes by words of the version, the name and the file, in any case and order', () => {
    assert.equal(shown('all', ' Orders 0003 '), '3');
    assert.equal(shown('applied', 'orders'), '12');
    assert.equal(shown('all', 'coupons'), '');
  });

  it('is said beside the title, and is none when it hides nothing', () => {
    assert.equal(isFiltering(noFilter), false);
    assert.equal(filterDescription({ state: 'all', text: '  ' }), undefined);
    assert.equal(filterDescription({ state: 'failed', text: '' }), 'Failed or dirty');
    assert.equal(filterDescription({ state: 'all', text: ' orders ' }), '"orders"');
    assert.equal(filterDescription({ state: 'no-way-back', text: 'orders' }), 'No way back, "orders"');
  });

  it('tells when, by whom and in what time, as far as it is recorded', () => {
    const appliedAt = '2026-01-02T03:04:05.000Z';
    const words = (appliedBy: string | null, milliseconds: number | null): string | null =>
      appliedWords({ appliedAt, appliedBy, milliseconds });
    assert.equal(words('ann', 38), '2 Jan 2026, 03:04 UTC by ann in 38 ms');
    assert.equal(words(null, 38), '2 Jan 2026, 03:04 UTC in 38 ms');
    assert.equal(words('ann', null), '2 Jan 2026, 03:04 UTC by ann');
    assert.equal(words(null, null), '2 Jan 2026, 03:04 UTC');
    assert.equal(appliedWords({ appliedAt: null, appliedBy: 'ann', milliseconds: 1 }), null);
    assert.equal(appliedWords(null), null);
  });
});
