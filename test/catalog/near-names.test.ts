import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance, nearNames } from '../../src/catalog/near-names';

describe('near names', () => {
  it('are those that may have been meant, nearest first', () => {
    assert.deepEqual(nearNames('custmers', ['orders', 'customers', 'customer']), ['customers', 'customer']);
    assert.deepEqual(nearNames('name', ['full_name', 'id', 'Name']), ['Name', 'full_name']);
    assert.deepEqual(nearNames('xyz', ['orders', 'customers']), []);
    assert.equal(nearNames('column', ['column1', 'column2', 'column3', 'column4']).length, 3);
  });

  it('the distance is one: symmetric, zero for equals, never above the longer length', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        assert.equal(editDistance(a, a), 0);
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
        assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
