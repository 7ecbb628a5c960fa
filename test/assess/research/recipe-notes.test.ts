import assert from 'node:assert/strict';
import { changeTypes } from '../../../src/assess/change';
import { officialPages } from '../../../src/assess/research/official-pages';
import { recipeNotes } from '../../../src/assess/research/pitfalls';

describe('what is known of each kind of change', () => {
  for (const { kind } of changeTypes) {
    it(`has pages of the documentation, pitfalls with solutions and alternatives (${kind})`, () => {
      for (const major of [12, 15, 16, 18]) {
        const pages = officialPages(kind, major);
        assert.ok(pages.length >= 1);
        assert.equal(new Set(pages.map(({ title }) => title)).size, pages.length);
        for (const { address } of pages)
          assert.match(
            address,
            new RegExp(`^https://www\\.postgresql\\.org/docs/${major}/[a-z-]+\\.html(#[A-Z-]+)?$`),
          );
      }
      const { pitfalls, alternatives } = recipeNotes(kind);
      assert.ok(pitfalls.length >= 1 && pitfalls.length <= 3);
      assert.ok(alternatives.length >= 1 && alternatives.length <= 2);
      const sentences = [
        ...pitfalls.flatMap(({ pitfall, solution }) => [pitfall, solution]),
        ...alternatives.flatMap(({ instead, why }) => [instead, why]),
      ];
      for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/);
    });
  }

  it('names a place on a page only for versions whose page has it', () => {
    const last = (kind: string, major: number) => officialPages(kind, major)[0]!.address.split('/').at(-1);
    assert.equal(last('set-not-null', 15), 'sql-altertable.html');
    assert.equal(last('set-not-null', 16), 'sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL');
    assert.equal(last('add-index', 12), 'sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY');
  });

  it('is nothing for a kind that is not there', () => {
    assert.deepEqual(officialPages('juggle', 18), []);
    assert.deepEqual(recipeNotes('juggle'), { pitfalls: [], alternatives: [] });
  });
});
