import type { Catalog, CatalogObject } from './catalog';
import { saysTheSame } from './routine-text';

/** One property of one object that differs between two catalogs. */
export interface Difference {
  /** `table public.users`, `function public.total(integer)`. */
  object: string;
  /** `exists`, `owner`, `column email default`... */
  property: string;
  /** null: not there before. */
  before: string | null;
  /** null: not there after. */
  after: string | null;
  /** `order`: only the position; `text`: only white space, case or comments of a routine's body; else `structure`. */
  kind: 'order' | 'text' | 'structure';
}

export interface CompareOptions {
  /** Leaves owners and privileges out, for catalogs of servers with different roles. */
  withoutRoles?: boolean;
  /** Objects to leave out, for example the tool's history table. */
  ignoredObjects?: readonly string[];
}

/** Every difference between two catalogs, by object and property. An object or part that is only in one is one difference. */
export function compareCatalogs(before: Catalog, after: Catalog, options: CompareOptions = {}): Difference[] {
  const ignored = new Set(options.ignoredObjects ?? []);
  const differences = keysOf(before.objects, after.objects)
    .filter((object) => !ignored.has(object))
    .flatMap((object) => compareObjects(object, before.objects[object], after.objects[object]));
  return options.withoutRoles ? differences.filter((difference) => !isAboutRoles(difference)) : differences;
}

/** `order`, `text` or `structure`: the gravest kind among the differences; null without any. */
export function gravestKind(differences: readonly Difference[]): Difference['kind'] | null {
  const kinds = new Set(differences.map(({ kind }) => kind));
  return (['structure', 'text', 'order'] as const).find((kind) => kinds.has(kind)) ?? null;
}

function compareObjects(
  object: string,
  before: CatalogObject | undefined,
  after: CatalogObject | undefined,
): Difference[] {
  if (before === after) return [];
  if (!before || !after) {
    return [
      {
        object,
        property: 'exists',
        before: before ? 'yes' : null,
        after: after ? 'yes' : null,
        kind: 'structure',
      },
    ];
  }
  return [
    ...compareProperties(object, '', before.properties, after.properties),
    ...keysOf(before.parts, after.parts).flatMap((part) =>
      compareParts(object, part, before.parts[part], after.parts[part]),
    ),
    ...compareOrder(object, before.columnOrder, after.columnOrder),
  ];
}

function compareParts(
  object: string,
  part: string,
  before: Record<string, string> | undefined,
  after: Record<string, string> | undefined,
): Difference[] {
  if (before && after) return compareProperties(object, `${part} `, before, after);
  return [
    {
      object,
      property: part,
      before: before ? summary(before) : null,
      after: after ? summary(after) : null,
      kind: 'structure',
    },
  ];
}

function compareProperties(
  object: string,
  prefix: string,
  before: Record<string, string>,
  after: Record<string, string>,
): Difference[] {
  if (areSame(before, after)) return [];
  return keysOf(before, after).flatMap((name): Difference[] => {
    const one = before[name] ?? null;
    const other = after[name] ?? null;
    if (one === other) return [];
    const isText =
      prefix === '' &&
      name === 'body' &&
      one !== null &&
      other !== null &&
      saysTheSame(one, other, after['language'] ?? null);
    return [
      {
        object,
        property: `${prefix}${name}`,
        before: one,
        after: other,
        kind: isText ? 'text' : 'structure',
      },
    ];
  });
}

/** Most are, of a schema that was read twice. */
function areSame(before: Record<string, string>, after: Record<string, string>): boolean {
  for (const name in before) if (before[name] !== after[name]) return false;
  for (const name in after) if (!(name in before)) return false;
  return true;
}

/** Only columns that both have: one more or one less is a difference of its own. */
function compareOrder(object: string, before: readonly string[], after: readonly string[]): Difference[] {
  const one = before.filter((column) => after.includes(column)).join(', ');
  const other = after.filter((column) => before.includes(column)).join(', ');
  return one === other
    ? []
    : [{ object, property: 'column order', before: one, after: other, kind: 'order' }];
}

/** A part in a few words: its definition or type first, then what else is set. */
function summary(properties: Record<string, string>): string {
  const { definition, type, ...rest } = properties;
  const others = Object.entries(rest).map(([name, value]) => (value === 'yes' ? name : `${name} ${value}`));
  return [definition, type, ...others].filter((text) => text !== undefined).join(', ');
}

function isAboutRoles(difference: Difference): boolean {
  return (
    difference.property === 'owner' ||
    /^privileges of |^column .* privilege \S+ of /.test(difference.property) ||
    difference.object.startsWith('default privileges of ')
  );
}

function keysOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
