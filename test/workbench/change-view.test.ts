import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Change } from '../../src/assess/change';
import { emptyOutline, type TableOutline } from '../../src/journey/tables';
import type { ChangeDraft } from '../../src/protocol/wizard-state';
import {
  changeOf,
  changeView,
  draftOf,
  draftProblems,
  fieldsOf,
} from '../../src/workbench/wizard/change-view';
import { emptyDraft } from '../../src/workbench/wizard/empty-draft';
import { recipeCases } from '../recipes/cases';
import { hostileNames } from '../recipes/recipe-case';

const outline: TableOutline = {
  columns: [
    { name: 'id', type: 'bigint', notNull: true },
    { name: 'name', type: 'text', notNull: true },
  ],
  constraints: [{ name: 'customers_pkey', definition: 'PRIMARY KEY (id)' }],
  indexes: [],
};
const rename = renameDraft('name', 'full_name');

function renameDraft(from: string, to: string): ChangeDraft {
  return { ...emptyDraft('rename-column'), table: 'public.customers', values: { from, to } };
}

describe('the form of a change', () => {
  it('is no change until it is complete', () => {
    assert.equal(changeOf(emptyDraft(), outline), null);
    assert.equal(changeOf(renameDraft('name', ''), outline), null);
    assert.deepEqual(changeOf(rename, outline), {
      kind: 'rename-column',
      table: { schema: 'public', name: 'customers' },
      from: 'name',
      to: 'full_name',
    });
  });

  it('says at the field what is wrong with a name', () => {
    assert.deepEqual(draftProblems(rename, outline), {});
    assert.match(draftProblems(renameDraft('name', 'id'), outline)['to']!, /already has a column id/);
    assert.match(draftProblems(renameDraft('name', 'name'), outline)['to']!, /old name/);
    assert.match(draftProblems(renameDraft('name', 'é'.repeat(32)), outline)['to']!, /64 bytes/);
    assert.match(draftProblems(renameDraft('title', 'full_name'), outline)['from']!, /no column title/);
    assert.deepEqual(draftProblems(renameDraft('name', 'Full "name" ü'), outline), {});
  });

  it('needs type and value for a required column, and keeps a default only where there is one', () => {
    const add = {
      ...emptyDraft('add-required-column'),
      table: 'public.customers',
      values: { column: 'tier', type: ' text ', 'keep-default': 'yes', default: "'basic'" },
    };
    assert.equal(changeOf({ ...add, values: { ...add.values, default: ' ' } }, outline), null);
    const byDefault = changeOf(add, outline);
    assert.deepEqual(byDefault && 'fill' in byDefault && byDefault.fill, {
      by: 'default',
      expression: "'basic'",
    });
    assert.equal(byDefault && 'keepDefault' in byDefault && byDefault.keepDefault, true);
    const values = { ...add.values, fill: 'expression', expression: ' lower(name) ' };
    const change = changeOf({ ...add, values }, outline);
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
          changeOf(draftOf(change), { ...outline, columns: [{ name: from, type: 'text', notNull: false }] }),
          from === change.to ? null : change,
        );
      }),
    );
  });

  const kinds = [...new Set(recipeCases.map(({ build }) => build(hostileNames).change.kind))];
  for (const kind of kinds) {
    it(`comes back from the changes it describes, whatever the names: ${kind}`, () => {
      for (const { title, build } of recipeCases) {
        const { change } = build(hostileNames);
        if (change.kind === kind) assert.deepEqual(changeOf(draftOf(change), emptyOutline), change, title);
      }
    });
  }

  it('comes back from a required column, whatever it is filled with', () => {
    const text = fc.string({ minLength: 1, maxLength: 15 }).filter((each) => each.trim() !== '');
    fc.assert(
      fc.property(text, fc.constantFrom('default', 'expression'), fc.boolean(), (expression, by, keeps) => {
        const change: Change = {
          kind: 'add-required-column',
          table: { schema: 'public', name: 'customers' },
          column: 'tier',
          type: 'text',
          fill: { by, expression: expression.trim() },
          keepDefault: by === 'default' && keeps,
        };
        assert.deepEqual(changeOf(draftOf(change), outline), change);
      }),
    );
  });

  it('asks for what the answers before call for', () => {
    const add = emptyDraft('add-required-column');
    const asked = (draft: ChangeDraft): string[] => fieldsOf(draft).map(({ field }) => field.id);
    assert.deepEqual(asked(add), ['column', 'type', 'fill', 'default', 'keep-default']);
    assert.deepEqual(asked({ ...add, values: { fill: 'expression' } }), [
      'column',
      'type',
      'fill',
      'expression',
    ]);
    assert.deepEqual(asked({ ...add, kind: 'unheard-of' }), []);
    assert.equal(changeOf({ ...rename, kind: 'unheard-of' }, outline), null);
  });

  it('gives the page one sentence for a complete change', () => {
    const view = changeView({
      draft: rename,
      revision: 4,
      tables: [],
      outline,
      problems: {},
      sketch: null,
      locked: false,
    });
    assert.equal(view.sentence, 'Rename public.customers.name to full_name');
    assert.equal(view.revision, 4);
  });
});
