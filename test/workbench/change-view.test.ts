import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change } from '../../src/assess/change';
import {
  changeOf,
  changeView,
  draftOf,
  draftProblems,
  emptyDraft,
} from '../../src/workbench/wizard/change-view';

const columns = [
  { name: 'id', type: 'bigint', notNull: true },
  { name: 'name', type: 'text', notNull: true },
];
const rename = { ...emptyDraft('rename-column'), table: 'public.customers', from: 'name', to: 'full_name' };

describe('the form of a change', () => {
  it('is no change until it is complete', () => {
    assert.equal(changeOf(emptyDraft(), columns), null);
    assert.equal(changeOf({ ...rename, to: '' }, columns), null);
    assert.deepEqual(changeOf(rename, columns), {
      kind: 'rename-column',
      table: { schema: 'public', name: 'customers' },
      from: 'name',
      to: 'full_name',
    });
  });

  it('says at the field what is wrong with a name', () => {
    assert.deepEqual(draftProblems(rename, columns), {});
    assert.match(draftProblems({ ...rename, to: 'id' }, columns).to!, /already has a column id/);
    assert.match(draftProblems({ ...rename, to: 'name' }, columns).to!, /old name/);
    assert.match(draftProblems({ ...rename, to: 'é'.repeat(32) }, columns).to!, /64 bytes/);
    assert.match(draftProblems({ ...rename, from: 'title' }, columns).from!, /no column title/);
    assert.deepEqual(draftProblems({ ...rename, to: 'Full "name" ü' }, columns), {});
  });

  it('needs type and value for a required column, and keeps a default only where there is one', () => {
    const add = {
      ...emptyDraft('add-required-column'),
      table: 'public.customers',
      column: 'tier',
      type: 'text',
    };
    assert.equal(changeOf(add, columns), null);
    const change = changeOf(
      { ...add, fillBy: 'expression', expression: ' lower(name) ', keepDefault: true },
      columns,
    );
    assert.deepEqual(change, {
      kind: 'add-required-column',
      table: { schema: 'public', name: 'customers' },
      column: 'tier',
      type: 'text',
      fill: { by: 'expression', expression: 'lower(name)' },
      keepDefault: false,
    });
  });

  it('comes back from the change it describes, whatever the names', () => {
    const name = fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(name, name, name, name, (schema, table, from, to) => {
        const change: Change = { kind: 'rename-column', table: { schema, name: table }, from, to: `${to}2` };
        assert.deepEqual(
          changeOf(draftOf(change), [{ name: from, type: 'text', notNull: false }]),
          from === change.to ? null : change,
        );
      }),
    );
  });

  it('gives the page one sentence for a complete change', () => {
    const view = changeView({ draft: rename, revision: 4, tables: [], columns, problems: {}, locked: false });
    assert.equal(view.sentence, 'Rename public.customers.name to full_name');
    assert.equal(view.revision, 4);
  });
});
