import { schemasAt, wordsOf, type JsonSchema } from '../../documents/json-schema';
import { t } from '../../messages/translate';
import { pointedPlace, writingPlace, type WritingPlace } from './front-matter-place';

/** Something that may be written at a place. */
export interface Proposal {
  label: string;
  /** What is written; a line in it begins where the word began. */
  text: string;
  kind: 'key' | 'value';
  /** What a value may be. */
  detail: string | null;
  meaning: string | null;
  /** A key that the format asks for. */
  isRequired: boolean;
  /** What follows is one of a few words. */
  asksNext: boolean;
}

export interface Proposals {
  proposals: Proposal[];
  place: WritingPlace;
}

/** What is said of a key or a value. */
export interface Explanation {
  /** With dots. */
  key: string;
  meaning: string | null;
  /** What a value may be. */
  detail: string | null;
  start: number;
  end: number;
}

/** What may be written at an offset of plan.md; null outside the front matter. */
export async function proposalsAt(
  schema: JsonSchema,
  text: string,
  offset: number,
): Promise<Proposals | null> {
  const place = await writingPlace(text, offset);
  if (!place) return null;
  const { schemas } = schemasAt(schema, place.data, place.path);
  const values = place.asks === 'key' ? [] : valueProposals(schemas);
  const keys = place.asks === 'value' ? [] : keyProposals(schemas, place.taken);
  return { place, proposals: [...values, ...keys] };
}

/** What the key at an offset of plan.md means; null where there is none that is known. */
export async function explanationAt(
  schema: JsonSchema,
  text: string,
  offset: number,
): Promise<Explanation | null> {
  const place = await pointedPlace(text, offset);
  if (!place) return null;
  // An item of a list means what the list means.
  const path = typeof place.path.at(-1) === 'number' ? place.path.slice(0, -1) : place.path;
  const { meaning } = schemasAt(schema, place.data, path);
  const { schemas } = schemasAt(schema, place.data, place.path);
  const key = path.filter((part) => typeof part === 'string').join('.');
  const detail = valueText(schemas);
  if (schemas.length === 0 || key === '') return null;
  return { key, meaning: meaning && t(meaning), detail, start: place.start, end: place.end };
}

function keyProposals(schemas: readonly JsonSchema[], taken: readonly string[]): Proposal[] {
  const proposals = new Map<string, Proposal>();
  for (const { properties = {}, required = [] } of schemas) {
    for (const [name, member] of Object.entries(properties)) {
      if (taken.includes(name) || proposals.has(name)) continue;
      const { schemas: values, meaning } = schemasAt(member, undefined, []);
      proposals.set(name, {
        label: name,
        text: `${name}:${beginning(values)}`,
        kind: 'key',
        detail: valueText(values),
        meaning: meaning && t(meaning),
        isRequired: required.includes(name),
        asksNext: values.some((value) => wordsOf(value).length > 0 && value.type !== 'null'),
      });
    }
  }
  return [...proposals.values()];
}

function valueProposals(schemas: readonly JsonSchema[]): Proposal[] {
  const words = [...new Set(schemas.flatMap(wordsOf))];
  return words.map((word) => ({
    label: String(word),
    text: String(word),
    kind: 'value',
    detail: null,
    meaning: null,
    isRequired: false,
    asksNext: false,
  }));
}

/** What follows a key: a value on its line, a list or more keys below it. */
function beginning(values: readonly JsonSchema[]): string {
  const [first] = values;
  if (first?.type === 'array') return '\n  - ';
  return first?.type === 'object' ? '\n  ' : ' ';
}

/** What a value may be, in words. */
export function valueText(schemas: readonly JsonSchema[]): string | null {
  const words = [...new Set(schemas.flatMap(wordsOf))].map(String);
  const types = schemas.filter((schema) => wordsOf(schema).length === 0).flatMap(({ type }) => type ?? []);
  const said = [...new Set(types.map(typeWord)), ...words];
  return said.length === 0 ? null : said.join(', ');
}

function typeWord(type: string): string {
  switch (type) {
    case 'string':
      return t('text');
    case 'number':
      return t('number');
    case 'integer':
      return t('whole number');
    case 'array':
      return t('list');
    case 'object':
      return t('keys with values');
    default:
      return type;
  }
}
