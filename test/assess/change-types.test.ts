import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { changeTypes, storedChange, type Change } from '../../src/assess/change';
import { changeOptions, changeWords, readChange } from '../../src/cli/change-options';
import { recipes } from '../../src/plan/recipes/index';
import { formatQualifiedName } from '../../src/sql/identifier';
import { recipeCases } from '../recipes/cases';
import { hostileNames, plainNames } from '../recipes/recipe-case';

const table = { schema: 'public', name: 'customers' };

/** One of each kind, with the options that say it; those with cases of their recipes are with these. */
const ownSamples: { change: Change; options: Record<string, string | boolean> }[] = [
  {
    change: { kind: 'rename-column', table, from: 'name', to: 'Full name' },
    options: { from: 'name', to: '"Full name"' },
  },
  {
    change: {
      kind: 'add-required-column',
      table,
      column: 'tier',
      type: 'text',
      fill: { by: 'default', expression: "'basic'" },
      keepDefault: true,
    },
    options: { column: 'tier', type: 'text', default: "'basic'", 'keep-default': true },
  },
];

const samples = [
  ...ownSamples,
  ...recipeCases.flatMap(({ build }) => {
    const { change, commandLine } = build(plainNames);
    return commandLine ? [{ change, options: commandLine }] : [];
  }),
];

describe('kinds of change', () => {
  it('have a sample here and a recipe each', () => {
    const kinds = changeTypes.map(({ kind }) => kind).sort();
    assert.deepEqual([...new Set(samples.map(({ change }) => change.kind))].sort(), kinds);
    assert.deepEqual(recipes.map(({ id }) => id).sort(), kinds);
  });

  it('are options of the command line, each of which the usage names', () => {
    const options = changeOptions();
    for (const type of changeTypes) {
      for (const { id, asks } of type.fields()) {
        if (asks === 'choice') continue;
        assert.match(type.usage, new RegExp(`--${id}\\b`), `${type.kind}: ${id}`);
        assert.equal(options[id]?.type, asks === 'flag' ? 'boolean' : 'string', `${type.kind}: ${id}`);
      }
    }
  });

  for (const { change, options } of samples) {
    it(`are read from options and from plan.md (${change.kind})`, () => {
      assert.deepEqual(
        readChange([
          { positionals: [change.kind], values: { table: formatQualifiedName(change.table), ...options } },
        ]),
        change,
      );
      assert.deepEqual(v.parse(storedChange, JSON.parse(JSON.stringify(change))), change);
    });
  }

  it('are the words that plan them, whatever the names', () => {
    for (const { title, build } of recipeCases) {
      const { change } = build(hostileNames);
      const groups = groupsOf(changeWords(change)).map(([kind, ...args]) => ({
        positionals: [kind!],
        values: parseArgs({ args, options: changeOptions(), strict: true }).values,
      }));
      assert.deepEqual(readChange(groups), change, title);
    }
  });

  it('are named where none is known by that name', () => {
    assert.throws(
      () => readChange([{ positionals: ['renamecolumn'], values: {} }]),
      /"renamecolumn" is no kind of change. Near it are rename-column\./,
    );
  });
});

/** Cut at each `--and`. */
function groupsOf(words: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const word of words)
    if (word === '--and') groups.push([]);
    else groups.at(-1)!.push(word);
  return groups;
}
