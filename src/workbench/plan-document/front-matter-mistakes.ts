import type { Document } from 'yaml';
import * as v from 'valibot';
import { nearNames } from '../../catalog/near-names';
import {
  frontMatterSource,
  isPlanSource,
  keyOf,
  pathOfNode,
  spanOf,
} from '../../documents/front-matter-source';
import { schemasAt, wordsOf, type DataPath, type JsonSchema } from '../../documents/json-schema';
import { planFrontMatter } from '../../implement/scaffold/plan-file-schema';
import { t } from '../../messages/translate';
import { valueText } from './front-matter-help';

/** What is wrong in the front matter of plan.md, by offsets of the document. */
export interface FrontMatterMistake {
  start: number;
  end: number;
  /** `hint`: it is read as it is, and may be meant otherwise. */
  severity: 'error' | 'hint';
  message: string;
}

/** Nobody reads more at once; one wrong line can make many. */
const mostMistakes = 50;

/** What Switchback could not read of a plan, and keys that look misspelt; nothing for a document that is no plan. */
export async function frontMatterMistakes(schema: JsonSchema, text: string): Promise<FrontMatterMistake[]> {
  const source = frontMatterSource(text);
  if (!source || !isPlanSource(source)) return [];
  const { parseDocument } = await import('yaml');
  const document = parseDocument(source.yaml, { prettyErrors: false });
  const found =
    document.errors.length > 0
      ? document.errors.map(({ pos: [start, end], message }): FrontMatterMistake => ({
          start,
          end: Math.max(end, start + 1),
          severity: 'error',
          message: t('The front matter is not YAML here: {0}.', message.split('\n')[0]!.replace(/\.$/, '')),
        }))
      : [...(await wrongValues(schema, document)), ...(await strangeKeys(schema, document))];
  return found
    .slice(0, mostMistakes)
    .map((mistake) => ({ ...mistake, start: mistake.start + source.start, end: mistake.end + source.start }));
}

async function wrongValues(schema: JsonSchema, document: Document): Promise<FrontMatterMistake[]> {
  const data: unknown = document.toJS();
  const { issues = [] } = v.safeParse(planFrontMatter, data);
  return Promise.all(
    issues.slice(0, mostMistakes).map(async (issue): Promise<FrontMatterMistake> => {
      const path = (issue.path ?? []).map((item) => item.key as string | number);
      const span = await spanOf(document, path);
      return { ...span, severity: 'error', message: sentenceOf(schema, data, path, issue) };
    }),
  );
}

function sentenceOf(
  schema: JsonSchema,
  data: unknown,
  path: DataPath,
  { kind, type, received, expected, message, requirement }: v.BaseIssue<unknown> & { requirement?: unknown },
): string {
  const name = path.join('.') || t('the front matter');
  const { schemas } = schemasAt(schema, data, path);
  if (received === 'undefined')
    return t('{0} is missing. Write it: {1}.', name, valueText(schemas) ?? expected ?? '');
  if (type === 'min_value') return t('{0} is {1}. Write {2} or more.', name, received, String(requirement));
  if (kind === 'validation') return t('{0} is wrong: it {1}.', name, message);
  const words = schemas.flatMap(wordsOf).filter((word) => typeof word === 'string');
  return words.length > 0
    ? t('{0} is {1}, which is not known. Write one of {2}.', name, received, words.join(', '))
    : t('{0} is {1}. Write {2}.', name, received, valueText(schemas) ?? expected ?? '');
}

/** Unknown keys are kept and read by nobody: one that is nearly a known one is asked about. */
async function strangeKeys(schema: JsonSchema, document: Document): Promise<FrontMatterMistake[]> {
  const { visit } = await import('yaml');
  const data: unknown = document.toJS();
  const pairs: { path: Promise<DataPath>; key: string; range: [number, number]; taken: string[] }[] = [];
  visit(document, {
    Map(_place, map, ancestors) {
      const taken = map.items.map(keyOf);
      for (const pair of map.items) {
        const range = (pair.key as { range?: [number, number, number] }).range;
        if (range)
          pairs.push({
            path: pathOfNode([...ancestors], map),
            key: keyOf(pair),
            range: [range[0], range[1]],
            taken,
          });
      }
    },
  });
  const mistakes = pairs.map(async ({ path, key, range, taken }): Promise<FrontMatterMistake[]> => {
    const near = nearKey(schemasAt(schema, data, await path).schemas, key, taken);
    if (near === null) return [];
    const message = t('"{0}" is not known here, and nothing reads it. Is "{1}" meant?', key, near);
    return [{ start: range[0], end: range[1], severity: 'hint', message }];
  });
  return (await Promise.all(mistakes)).flat();
}

function nearKey(schemas: readonly JsonSchema[], key: string, taken: readonly string[]): string | null {
  const isOpen = schemas.some(({ additionalProperties }) => typeof additionalProperties === 'object');
  const known = schemas.flatMap(({ properties = {} }) => Object.keys(properties));
  if (isOpen || known.length === 0 || known.includes(key)) return null;
  return (
    nearNames(
      key,
      known.filter((name) => !taken.includes(name)),
    )[0] ?? null
  );
}
