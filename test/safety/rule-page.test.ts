import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { rulePage } from '../../src/safety/rule-page';
import { indexNotConcurrent } from '../../src/safety/rules/index-not-concurrent';
import { rules } from '../../src/safety/rules/index';

describe('the page of a rule', () => {
  it('says what, why, since when, how it goes wrong and right, how to silence it, and where PostgreSQL says so', () => {
    const page = rulePage(indexNotConcurrent);
    for (const part of [
      `# ${indexNotConcurrent.title}`,
      indexNotConcurrent.why,
      'every supported version',
      'create index orders_customer on orders (customer_id);',
      'create index concurrently orders_customer on orders (customer_id);',
      'The file runs outside a transaction.',
      '-- switchback:ignore index-not-concurrent ',
      `<${indexNotConcurrent.url}>`,
    ]) {
      assert.ok(page.includes(part), part);
    }
  });

  it('names the versions a rule holds for', () => {
    const between = (since: number | null, until: number | null): string =>
      rulePage({ ...indexNotConcurrent, since, until });
    assert.match(between(18, null), /PostgreSQL 18 and newer/);
    assert.match(between(null, 13), /PostgreSQL 13 and older/);
    assert.match(between(13, 14), /PostgreSQL 13 to 14/);
  });

  it('puts each statement with its comments on lines of its own', () => {
    const sql = "-- why\nselect 1; select ';';\n-- the end";
    const page = rulePage({ ...indexNotConcurrent, bad: { before: '', sql } });
    assert.ok(page.includes("```sql\n-- why\nselect 1;\nselect ';';\n-- the end\n```"), page);
  });

  it('shows examples as they are, whatever they hold', () => {
    const sql = 'select \'```\' as "<b>"';
    const html = new MarkdownIt().render(rulePage({ ...indexNotConcurrent, bad: { before: '', sql } }));
    assert.ok(html.includes("select '```' as &quot;&lt;b&gt;&quot;;"), html);
  });

  for (const rule of rules) {
    it(`of ${rule.id} has one title, four sections and its link`, () => {
      const html = new MarkdownIt().render(rulePage(rule));
      assert.equal(html.match(/<h1>/g)?.length, 1);
      assert.equal(html.match(/<h2>/g)?.length, 4);
      assert.ok(html.includes(`href="${rule.url}"`));
    });
  }
});
