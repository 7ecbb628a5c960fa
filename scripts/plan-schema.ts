/** schemas/plan.schema.json: the front matter of plan.md for other programs and for the editor, from what reads it. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { changeTypes } from '../src/assess/change';
import { eachSchema, type JsonSchema } from '../src/documents/json-schema';
import { planFrontMatter } from '../src/implement/scaffold/plan-file-schema';
import { planKeyMeanings } from '../src/implement/scaffold/plan-file-words';

export const planSchemaFile = path.resolve(__dirname, '..', 'schemas', 'plan.schema.json');

/** The schema as the source says it. What a check looks at beyond types is not in it; unknown keys are allowed. */
export function planSchema(): JsonSchema {
  // A transform or a check of our own has no word in JSON schema: the type before it stands.
  const schema = toJsonSchema(planFrontMatter, { typeMode: 'input', errorMode: 'ignore' }) as JsonSchema;
  const meanings = planKeyMeanings();
  eachSchema(schema, (member, place) => {
    const meaning = Object.hasOwn(meanings, place) ? meanings[place] : undefined;
    if (meaning !== undefined) member.description ??= meaning;
  });
  for (const kind of schema.properties?.change?.oneOf ?? []) describeChange(kind);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Front matter of a plan of Switchback',
    description: 'The YAML between the lines of "---" at the top of plan.md. SQL is in files beside it.',
    ...inOneObject(schema),
  } as JsonSchema;
}

/** What the form asks of a kind of change is what its keys mean. */
function describeChange(schema: JsonSchema): void {
  const type = changeTypes.find(({ kind }) => kind === schema.properties?.kind?.const);
  if (!type) return;
  schema.description = `${type.title()}. ${type.description()}`;
  for (const { id, label, hint } of type.fields()) {
    const member = schema.properties?.[id];
    if (member) member.description ??= hint === undefined ? label : `${label}. ${hint}`;
  }
}

function inOneObject({ description: _description, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Writes it, in the form of the other files. */
export async function writePlanSchema(): Promise<void> {
  const settings = await resolveConfig(planSchemaFile);
  const text = JSON.stringify(planSchema());
  await writeFile(planSchemaFile, await format(text, { ...settings, filepath: planSchemaFile }));
}
