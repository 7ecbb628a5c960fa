import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readFlowchart } from '../../../src/documents/html/flowchart';
import { flowchartPicture } from '../../../src/documents/html/flowchart-picture';
import { markdownHtml } from '../../../src/documents/html/markdown-html';

const html = (markdown: string, linkTo: (path: string) => string | null = () => null): Promise<string> =>
  markdownHtml(markdown, { linkTo });

describe('Markdown as HTML', () => {
  it('shows HTML as text, in every place it may stand', async () => {
    const attack = '<img src=x onerror=alert(1)>';
    const text = `# ${attack}\n\n${attack}\n\n- ${attack}\n\n| a |\n|---|\n| ${attack} |\n\n> ${attack}\n\n\`${attack}\`\n`;
    const fenced = `\n\`\`\`${attack}\n${attack}\n\`\`\`\n\n<script>\nalert(1)\n</script>\n`;
    const page = await html(text + fenced);
    assert.doesNotMatch(page, /<img|<script/);
    assert.equal(page.split('&lt;img src=x onerror=alert(1)&gt;').length - 1, 7);
  });

  it('links to the web and to mail only', async () => {
    const addresses = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java&#115;cript:alert(1)',
      'vbscript:x',
      'data:text/html,x',
      'file:///etc/passwd',
      'command:workbench.action.quit',
      'vscode://x/y',
      '//evil.example',
    ];
    const page = await html(addresses.map((address) => `[x](${address}) <${address}>`).join('\n\n'));
    assert.doesNotMatch(page, /href/);
    const fine = await html('[a](https://www.postgresql.org/docs/) [b](mailto:a@b.c) <https://x.example>');
    assert.deepEqual(
      [...fine.matchAll(/href="([^"]*)"/g)].map((match) => match[1]),
      ['https://www.postgresql.org/docs/', 'mailto:a@b.c', 'https://x.example'],
    );
  });

  it('asks where other documents are; a link that leads nowhere is its text', async () => {
    const linkTo = (target: string): string | null => (target === 'a b.md' ? '#a' : null);
    const page = await html('[one](a%20b.md "t") [two](other.md) [three](%zz)', linkTo);
    assert.equal(page, '<p><a href="#a">one</a> <span>two</span> <span>three</span></p>\n');
  });

  it('loads no picture', async () => {
    const page = await html('![a <b> picture](https://tracker.example/x.png)');
    assert.equal(page, '<p>a &lt;b&gt; picture</p>\n');
  });

  it('hides remarks and the marks of regions, but not in code', async () => {
    const page = await html(
      'a <!-- inside --> b\n<!-- switchback:begin x 0123 -->\n| h |\n|---|\n| 1<br>2 |\n<!-- switchback:end x 0123 -->\n\n<!-- two\nlines -->\n```sql\n-- <!-- stays -->\n```\n',
    );
    assert.doesNotMatch(page, /switchback|inside|two/);
    assert.match(page, /<td>1<br>\n2<\/td>/);
    assert.match(page, /&lt;!-- stays --&gt;/);
    assert.match(await html('<!-- never closed\n\ntext'), /&lt;!-- never closed/);
  });

  it('reads remarks that nothing ends, that end far behind or one after the other', async () => {
    const many = 100_000;
    const open = '<!-- a\n'.repeat(many);
    assert.equal((await html(open)).split('&lt;!-- a').length - 1, many);
    assert.equal(await html(`${open}--> x`), '<p> x</p>\n');
    assert.equal(await html(`${open}-->\n${'<!-- b -->\n'.repeat(many)}x`), '<p>x</p>\n');
    assert.equal(await html(`x ${'<!-- b --> '.repeat(many / 10)}y`), `<p>x ${' '.repeat(many / 10)}y</p>\n`);
  });

  it('draws boxes of tasks, and aligns columns without styles', async () => {
    const page = await html('- [ ] one\n- [x] two <b>\n- three [x] \n\n| n |\n|--:|\n| 1 |\n');
    assert.equal(page.match(/<li class="item">/g)?.length, 2);
    assert.match(page, /aria-label="done">☑<\/span> two &lt;b&gt;/);
    assert.match(page, /<td class="right">1<\/td>/);
    assert.doesNotMatch(page, /style=/);
  });
});

describe('flowcharts', () => {
  const hostile = readFileSync(
    path.resolve(__dirname, '../../implement/scaffold/golden/hostile.plan.md.golden'),
    'utf8',
  );

  it('of a plan are drawn, whatever the names are', async () => {
    const page = await html(hostile);
    const [picture] = /<svg[^]*?<\/svg>/.exec(page)!;
    assert.equal(picture.match(/class="flow-box/g)?.length, 5);
    assert.equal(picture.match(/flow-broken/g)?.length, 2);
    assert.match(picture, /view: \*v_i_e_w\* \[x\]\(y\) # not a heading/);
    assert.doesNotMatch(page, /mermaid|<b>|<script/);
  });

  it('of the runbook are drawn: questions, words at arrows, two lines', () => {
    const template = readFileSync(path.resolve(__dirname, '../../../templates/rollback.md.hbs'), 'utf8');
    const chart = readFlowchart(/```mermaid\n([^]*?)```/.exec(template)![1]!)!;
    assert.deepEqual(chart.nodes.find(({ id }) => id === 'E')!.lines, [
      'Start nothing new,',
      'consider going back',
    ]);
    assert.equal(chart.nodes.find(({ id }) => id === 'B')!.shape, 'question');
    assert.deepEqual(chart.arrows[1], { from: 'B', to: 'C', label: 'yes', isBroken: false });
    assert.equal(chart.arrows.length, 14);
  });

  it('that are not known are shown as they are written', async () => {
    for (const text of [
      'sequenceDiagram\n a->>b: x',
      'flowchart LR\n a --o b',
      'flowchart LR',
      'flowchart LR\n a["x',
    ]) {
      assert.equal(readFlowchart(text), null, text);
      assert.match(await html(`\`\`\`mermaid\n${text}\n\`\`\``), /<code class="language-mermaid">/);
    }
  });

  it('with long words and blanks at an arrow are read', () => {
    const blanks = ' '.repeat(300_000);
    assert.equal(readFlowchart(`flowchart LR\n a -- ${blanks}x${blanks}--x`), null);
    const chart = readFlowchart(`flowchart LR\n a -- ${blanks}x -- y${blanks}--> b`)!;
    assert.deepEqual(chart.arrows, [{ from: 'a', to: 'b', label: 'x -- y', isBroken: false }]);
  });

  it('have their labels as text', async () => {
    const chart = readFlowchart('flowchart LR\n a["#60;script#62;"] -- <b> --> b')!;
    const picture = await flowchartPicture(chart);
    assert.doesNotMatch(picture, /<script|<b>/);
    assert.match(picture, /&lt;script&gt;/);
  });

  it('may have arrows twice and to themselves', async () => {
    const chart = readFlowchart('flowchart TD\n a --> b\n a --> b\n a -.-> a')!;
    assert.equal((await flowchartPicture(chart)).match(/flow-head/g)?.length, 3);
  });
});
