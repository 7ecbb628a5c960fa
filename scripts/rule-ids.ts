/** The ids of rules in the schemas that editors complete and check configurations with. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { knownRuleIds } from '../src/safety/rule-ids';

const root = path.resolve(__dirname, '..');

/** Files that list them, relative to the repository. */
export const filesWithRuleIds = ['package.json', 'schemas/config.schema.json'];

/** A file's text with the ids as they are now in every `"propertyNames": { "enum": [...] }`. */
export function withRuleIds(text: string): string {
  return text.replace(
    /^( *)("propertyNames": \{\s*"enum": )\[[^\]]*\]/gm,
    (_whole, indent: string, beginning: string) => {
      const ids = knownRuleIds().map((id) => `${indent}    ${JSON.stringify(id)}`);
      return `${indent}${beginning}[\n${ids.join(',\n')}\n${indent}  ]`;
    },
  );
}

/** Writes them into the files. */
export async function writeRuleIds(): Promise<void> {
  for (const name of filesWithRuleIds) {
    const file = path.join(root, name);
    const text = await readFile(file, 'utf8');
    const changed = withRuleIds(text);
    if (changed !== text) await writeFile(file, changed);
  }
}
