import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ruleDocs, rulesFolder } from '../../scripts/rule-docs';
import { rules } from '../../src/safety/rules/index';

describe('docs/rules', () => {
  it('is what the rules say; `npm run docs` writes it', async () => {
    const pages = await ruleDocs();
    const names = (await readdir(rulesFolder)).sort();
    assert.deepEqual(names, [...pages.keys()].sort(), 'docs/rules is out of date: run `npm run docs`');
    for (const [name, text] of pages) {
      const written = (await readFile(path.join(rulesFolder, name), 'utf8')).replaceAll('\r\n', '\n');
      assert.equal(written, text, `docs/rules/${name} is out of date: run \`npm run docs\``);
    }
  });

  it('lists every rule in a line of the table, with its page, severity and fix', async () => {
    const index = (await ruleDocs()).get('README.md')!;
    const lines = index.split('\n').filter((line) => line.startsWith('| ['));
    assert.equal(lines.length, rules.length);
    for (const rule of rules) {
      const line = lines.find((each) => each.startsWith(`| [${rule.id}](${rule.id}.md) |`));
      assert.ok(line !== undefined && line.includes(rule.severity), rule.id);
      assert.equal(line.split('|').length, 7);
    }
    assert.match(
      lines.find((line) => line.includes('[index-not-concurrent]'))!,
      /\| yes \|$/,
    );
  });
});
