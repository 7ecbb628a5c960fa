import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { templatesPage } from '../../scripts/docs';
import { templateHelpers } from '../../src/templates/helpers/index';

const page = path.resolve(__dirname, '../../docs/templates.md');

describe('docs/templates.md', () => {
  it('is what the source says; `npm run docs` writes it', async () => {
    const written = (await readFile(page, 'utf8')).replaceAll('\r\n', '\n');
    assert.equal(written, await templatesPage(), 'docs/templates.md is out of date: run `npm run docs`');
  });

  it('describes each helper with an example that works', async () => {
    const text = await templatesPage();
    for (const { name, what, examples } of templateHelpers) {
      assert.ok(text.includes(`### \`${name}\`\n\n${what}\n`), name);
      assert.ok(examples.length > 0, name);
      for (const { template } of examples) assert.ok(template.includes(`{{${name} `), template);
    }
  });
});
