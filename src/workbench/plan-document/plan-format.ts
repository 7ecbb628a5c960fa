import path from 'node:path';
import type { JsonSchema } from '../../documents/json-schema';
import { nodeFiles } from '../../ports/node-files';
import type { Services } from '../services';

let known: Promise<JsonSchema> | null = null;

/** The published schema of plan.md's front matter, read when it is first needed. */
export function planFormat({ extensionUri }: Pick<Services, 'extensionUri'>): Promise<JsonSchema> {
  known ??= nodeFiles()
    .read(path.join(extensionUri.fsPath, 'schemas', 'plan.schema.json'))
    .then((text) => JSON.parse(text) as JsonSchema);
  return known;
}
