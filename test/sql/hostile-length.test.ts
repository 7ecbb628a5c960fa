import assert from 'node:assert/strict';
import { loadParser } from '../../src/sql/parser';

/** Each of these once took minutes. */
describe('texts made to be slow', function () {
  this.timeout(60_000);

  for (const [name, text, problems] of [
    ['comments opened in one another', '/*'.repeat(300_000), 1],
    ['comments in a row', '/**/'.repeat(300_000), 0],
    ['placeholders', ':a '.repeat(300_000), 1],
    ['commands of psql', '\\a\n'.repeat(150_000), 0],
  ] as const) {
    it(`are read all the same: ${name}`, async () => {
      const parsed = (await loadParser()).parse(text);
      assert.deepEqual([parsed.statements.length, parsed.problems.length], [0, problems]);
    });
  }

  it('are told from banners', async () => {
    const banner = `/${'*'.repeat(3000)}/\n`;
    const parsed = (await loadParser()).parse(banner.repeat(20) + 'select 1;');
    assert.deepEqual([parsed.statements.length, parsed.problems.length], [1, 0]);
  });
});
