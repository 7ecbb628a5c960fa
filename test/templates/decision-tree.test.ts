import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const template = path.resolve(__dirname, '../../templates/rollback.md.hbs');

/** Mermaid cleans labels with the browser's DOM, which a test has not; its grammar is what is asked here. */
async function loadMermaid(): Promise<{ parse(text: string): Promise<unknown> }> {
  const { default: purify } = await import('dompurify');
  Object.assign(purify, { addHook: () => undefined, sanitize: (text: string) => text });
  const { default: mermaid } = await import('mermaid');
  return mermaid;
}

describe('the decision tree of the runbook', function () {
  this.timeout(60_000);

  it('is a flowchart that Mermaid reads', async () => {
    const chart = /```mermaid\n([^]*?)```/.exec(await readFile(template, 'utf8'))![1]!;
    const mermaid = await loadMermaid();
    assert.ok(await mermaid.parse(chart));
    await assert.rejects(mermaid.parse(chart.replace('A[', 'A[[')));
  });

  it('ends in the same three ways as its text', async () => {
    const text = await readFile(template, 'utf8');
    const [, words, chart] = /## Decision tree([^]*?)```mermaid\n([^]*?)```/.exec(text)!;
    for (const way of ['full', 'standard', 'quick']) {
      assert.match(words!, new RegExp(`\\*\\*${way} rollback\\*\\*`));
      assert.match(chart!, new RegExp(`\\[${way} rollback, under`, 'i'));
    }
    assert.match(chart!, /P1 --> /);
    assert.match(chart!, /P2 or lower --> /);
    assert.match(chart!, /Heals by itself\?/);
  });
});
