import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesWithRuleIds, withRuleIds } from '../../scripts/rule-ids';
import { knownRuleIds } from '../../src/safety/rule-ids';

describe('the schemas of configurations', () => {
  for (const name of filesWithRuleIds) {
    it(`${name} knows every rule; \`npm run docs\` writes them`, async () => {
      const text = await readFile(path.resolve(__dirname, '..', '..', name), 'utf8');
      assert.equal(text, withRuleIds(text), `${name} is out of date: run \`npm run docs\``);
      assert.ok(knownRuleIds().every((id) => text.includes(`"${id}"`)));
    });
  }

  it('writes the ids into lists only', () => {
    const text = '{\n  "enum": ["a"],\n  "propertyNames": {\n    "enum": []\n  }\n}\n';
    const written = JSON.parse(withRuleIds(text)) as { enum: string[]; propertyNames: { enum: string[] } };
    assert.deepEqual(written.enum, ['a']);
    assert.deepEqual(written.propertyNames.enum, knownRuleIds());
    assert.equal(withRuleIds(withRuleIds(text)), withRuleIds(text));
  });
});
