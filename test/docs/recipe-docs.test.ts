import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { comparedKinds, recipePage, recipesFile } from '../../scripts/recipe-docs';
import { changeTypes } from '../../src/assess/change';

describe('docs/recipes.md', () => {
  it('is what the kinds of change say; `npm run docs` writes it', async () => {
    const written = (await readFile(recipesFile, 'utf8')).replaceAll('\r\n', '\n');
    assert.equal(written, recipePage(), 'docs/recipes.md is out of date: run `npm run docs`');
  });

  it('has every kind, and compares only those there are', () => {
    const kinds = changeTypes.map(({ kind }) => kind);
    const page = recipePage();
    for (const kind of kinds) assert.ok(page.includes(`| \`${kind}\` |`), kind);
    for (const kind of comparedKinds()) assert.ok(kinds.includes(kind), kind);
  });
});
