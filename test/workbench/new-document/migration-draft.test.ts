import assert from 'node:assert/strict';
import {
  changeOfDraft,
  emptyMigrationDraft,
  usualName,
  type MigrationDraft,
} from '../../../src/workbench/new-document/migration-draft';

const draft = (answers: Partial<MigrationDraft>): MigrationDraft => ({
  ...emptyMigrationDraft(),
  table: 'sales.orders',
  column: 'note',
  ...answers,
});
const table = { schema: 'sales', name: 'orders' };

describe('the answers of a new migration', () => {
  it('become a change of the chosen kind, whatever was answered for others before going back', () => {
    const leftOver = { default: "'x'", required: true, fill: 'lower(email)', key: ['id'], columns: ['a'] };
    assert.deepEqual(changeOfDraft(draft({ ...leftOver, kind: 'rename-column', newName: 'remark' })), {
      kind: 'rename-column',
      table,
      from: 'note',
      to: 'remark',
    });
    assert.deepEqual(changeOfDraft(draft({ ...leftOver, kind: 'empty' })), { kind: 'empty' });
    assert.deepEqual(
      changeOfDraft(draft({ ...leftOver, kind: 'create-index', columns: ['b', 'a'], unique: true })),
      {
        kind: 'create-index',
        table,
        columns: ['b', 'a'],
        unique: true,
      },
    );
  });

  it('keep a fill and its key for a required column only', () => {
    const answers = { kind: 'add-column' as const, type: 'text', fill: 'lower(email)', key: ['id'] };
    const optional = changeOfDraft(draft({ ...answers, required: false }));
    assert.ok(optional.kind === 'add-column' && optional.fill === null && optional.key.length === 0);
    const required = changeOfDraft(draft({ ...answers, required: true }));
    assert.ok(required.kind === 'add-column' && required.fill === 'lower(email)');
    assert.deepEqual(required.key, ['id']);
  });

  it('leave to the database what it knows of a table that was chosen there', () => {
    const chosen = { typedTable: false, oldType: 'bigint', type: 'numeric', key: ['id'], expression: '1' };
    const dropped = changeOfDraft(draft({ ...chosen, kind: 'drop-column' }));
    assert.ok(dropped.kind === 'drop-column' && dropped.definition === null);
    const changed = changeOfDraft(draft({ ...chosen, kind: 'change-type' }));
    assert.ok(changed.kind === 'change-type' && changed.from === null);
    const filled = changeOfDraft(draft({ ...chosen, kind: 'backfill' }));
    assert.ok(filled.kind === 'backfill' && filled.key.length === 0);
  });

  it('give the file a name that says what changes', () => {
    assert.equal(usualName(draft({ kind: 'add-column' })), 'add orders note');
    assert.equal(
      usualName(draft({ kind: 'rename-column', newName: 'remark' })),
      'rename orders note to remark',
    );
    assert.equal(usualName(draft({ kind: 'create-index', columns: ['a', 'b'] })), 'index orders a b');
    assert.equal(usualName(draft({ kind: 'empty', table: '' })), 'change');
  });
});
