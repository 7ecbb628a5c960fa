import assert from 'node:assert/strict';
import { renderTemplate } from '../../src/templates/engine';
import { memoryFiles } from '../support/memory-files';

const render = (source: string, context: object): Promise<string> =>
  renderTemplate({
    name: 'x.hbs',
    context,
    shippedFolder: '/shipped',
    overrideFolder: null,
    files: memoryFiles({ '/shipped/x.hbs': source }),
  });

describe('the template engine', () => {
  it('escapes nothing by itself', async () => {
    assert.equal(await render('{{x}}', { x: `a<b>"c'&` }), `a<b>"c'&`);
  });

  it('quotes for SQL', async () => {
    assert.equal(
      await render('{{ident x}} {{ident y}} {{ident z}}', { x: 'name', y: 'Na"me', z: 'user' }),
      'name "Na""me" "user"',
    );
    assert.equal(await render('{{literal x}}', { x: "it's \\" }), "E'it''s \\\\'");
    assert.equal(
      await render('{{comment x}}', { x: 'one\r\ndrop table t;\u2028two' }),
      '-- one\n-- drop table t;\n-- two',
    );
  });

  it('words numbers and times', async () => {
    assert.equal(
      await render(
        '{{rows a}}, {{rows b}}, {{bytes c}}, {{duration d}}, {{date e}}, {{date e time=true}}, {{duration f}}, {{count a}}',
        {
          a: 200_000,
          b: 1,
          c: 1_288_490_189,
          d: 2500,
          e: '2026-03-04T05:06:07Z',
          f: null,
        },
      ),
      '200,000 rows, 1 row, 1.2 GB, 2.5 s, 2026-03-04, 2026-03-04 05:06 UTC, not known, 200,000',
    );
  });

  it('makes code that no backtick can end', async () => {
    assert.equal(await render('{{code x}}', { x: '`a``b' }), '``` `a``b ```');
    assert.equal(await render('{{code x cell=true}}', { x: 'a || b\nc' }), '`a \\|\\| b c`');
    assert.equal(
      await render('{{code x lang="sql"}}', { x: 'select 1;\n```\n' }),
      '````sql\nselect 1;\n```\n````',
    );
  });

  it('shows plain text as it is', async () => {
    assert.equal(
      await render('{{text x}}', { x: '*a* <b> _c_ d_e [f](g)' }),
      '\\*a\\* &lt;b&gt; \\_c\\_ d_e \\[f\\](g)',
    );
    assert.equal(await render('{{cell x}}', { x: 'a|b\nc' }), 'a\\|b<br>c');
    assert.equal(await render('{{cell x}}', { x: '' }), '–');
    assert.equal(await render('{{text x}}', { x: '1. a' }), '1\\. a');
  });

  it('reaches no prototype', async () => {
    for (const source of [
      '{{constructor.name}}',
      '{{x.__proto__}}',
      '{{lookup x "constructor"}}',
      '{{#with x.constructor}}a{{/with}}',
    ]) {
      const result = await render(source, { x: {} }).catch((error: Error) => error);
      assert.ok(
        result instanceof Error || !/Object|function|a/.test(result),
        `${source} gave ${String(result)}`,
      );
    }
  });

  it("lets the workspace's template win only where the workspace is trusted", async () => {
    const files = memoryFiles({ '/shipped/x.hbs': 'shipped', '/w/.switchback/templates/x.hbs': 'own {{n}}' });
    const request = { name: 'x.hbs', context: { n: 1 }, shippedFolder: '/shipped', files };
    assert.equal(await renderTemplate({ ...request, overrideFolder: '/w/.switchback/templates' }), 'own 1');
    assert.equal(await renderTemplate({ ...request, overrideFolder: null }), 'shipped');
    await assert.rejects(renderTemplate({ ...request, name: 'y.hbs', overrideFolder: null }), {
      code: 'not-found',
    });
  });
});
