/** The part of JSON schema (https://json-schema.org/draft-07) that the schema of plan.md uses. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  enum?: (string | number | boolean | null)[];
  const?: string | number | boolean | null;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

export type DataPath = readonly (string | number)[];

/**
 * The schemas that a value at this path may follow, without alternatives inside. Of those whose fixed words (`kind`, `by`)
 * are others than the data's only the fitting ones are given. `meaning`: what is said of the key.
 */
export function schemasAt(
  schema: JsonSchema,
  data: unknown,
  path: DataPath,
): { schemas: JsonSchema[]; meaning: string | null } {
  let meaning = schema.description ?? null;
  let schemas = fitting(schema, data);
  let value = data;
  for (const part of path) {
    const members = schemas.flatMap((item) => memberOf(item, part) ?? []);
    value = memberValue(value, part);
    meaning = members.find(({ description }) => description !== undefined)?.description ?? null;
    schemas = members.flatMap((member) => fitting(member, value));
  }
  return { schemas, meaning };
}

/** Every schema inside a schema with its path: `[]` for the items of a list, `*` for any name. Alternatives share a path. */
export function eachSchema(
  schema: JsonSchema,
  visit: (schema: JsonSchema, path: string) => void,
  path = '',
): void {
  visit(schema, path);
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) eachSchema(part, visit, path);
  if (schema.items) eachSchema(schema.items, visit, `${path}[]`);
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    eachSchema(member, visit, inside(name));
  if (typeof schema.additionalProperties === 'object')
    eachSchema(schema.additionalProperties, visit, inside('*'));
}

function memberOf(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  if (typeof part === 'number') return schema.items;
  const { properties = {}, additionalProperties } = schema;
  if (Object.hasOwn(properties, part)) return properties[part];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

function memberValue(value: unknown, part: string | number): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Record<string | number, unknown>)[part]
    : undefined;
}

function fitting(schema: JsonSchema, value: unknown): JsonSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!alternatives) return [schema];
  const all = alternatives.flatMap((item) => fitting(item, value));
  const chosen = all.filter((item) => !contradicts(item, value));
  return chosen.length > 0 ? chosen : all;
}

function contradicts({ properties = {} }: JsonSchema, value: unknown): boolean {
  return Object.entries(properties).some(([name, member]) => {
    const words = wordsOf(member);
    const given = memberValue(value, name);
    return words.length > 0 && typeof given === 'string' && !words.includes(given);
  });
}

/** The words a value may be; none where it may be anything. */
export function wordsOf(schema: JsonSchema): (string | number | boolean | null)[] {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  if (schema.type === 'boolean') return [true, false];
  return schema.type === 'null' ? [null] : [];
}
