import assert from 'node:assert/strict';
import { migrationTitle } from '../../src/layouts/migration-title';

describe('a migration in a line of text', () => {
  it('says nothing twice', () => {
    assert.equal(migrationTitle({ version: '7', name: 'add_items' }), '7 add_items');
    assert.equal(migrationTitle({ version: '20240101_add_items', name: 'add_items' }), '20240101_add_items');
    assert.equal(migrationTitle({ version: '7', name: '' }), '7');
  });
});
