import type { Catalog } from '../../../catalog/catalog';
import { t } from '../../../messages/translate';
import { readObjectName, readPart } from '../../../reverse/object-name';
import { inOrder } from '../../../reverse/reverse-step';
import { schemaScript } from '../../../reverse/schema-script';
import { labelsOf } from '../../../reverse/types';
import { parseQualifiedName, type QualifiedName } from '../../../sql/identifier';
import { setProperties, type Draft } from './draft';

interface Place {
  table: QualifiedName;
  column: string;
}

/** Labels that come and go are values that are added and removed one by one, not another type. */
export function settleEnums(draft: Draft): void {
  for (const [key, before] of Object.entries(draft.from.objects)) {
    const after = draft.to.objects[key];
    const isEnum = before.properties['kind'] === 'enum' && after?.properties['kind'] === 'enum';
    if (!after || !isEnum || !key.startsWith('type ')) continue;
    const [present, wanted] = [labelsOf(before), labelsOf(after)];
    const [gone, come] = [without(present, wanted), without(wanted, present)];
    const isSameOrder = without(present, gone).join() === without(wanted, come).join();
    if (isSameOrder && gone.length + come.length === 0) continue;
    if (present.length === wanted.length && isRenamed(present, wanted)) continue;
    const name = key.slice('type '.length);
    const places = placesOf(draft, name);
    const obstacle = obstacleTo(name, { isSameOrder, places: places.length, removes: gone.length > 0 });
    if (obstacle === null) settleLabels(draft, { key, name, place: places[0]!, present, wanted });
    else {
      draft.differences.push(obstacle);
      draft.untouched.add(key);
    }
    setProperties(draft.from, key, null, { labels: after.properties['labels'] });
  }
}

function without(labels: readonly string[], others: readonly string[]): string[] {
  return labels.filter((label) => !others.includes(label));
}

function isRenamed(present: readonly string[], wanted: readonly string[]): boolean {
  return present.every(
    (label, index) =>
      label === wanted[index] || (!wanted.includes(label) && !present.includes(wanted[index]!)),
  );
}

function obstacleTo(
  name: string,
  { isSameOrder, places, removes }: { isSameOrder: boolean; places: number; removes: boolean },
): string | null {
  if (!isSameOrder)
    return t(
      'The values of the enum {0} are to be in another order. No recipe does that: add a column of a new enum, and move the values to it.',
      name,
    );
  if (places === 0)
    return t(
      'The enum {0} is to have other values, and no column has it, by which a recipe would find it: change it by raw-sql, and say whether it can be taken back.',
      name,
    );
  return removes && places > 1
    ? t(
        'The enum {0} is to lose values, and {1} columns have it. The recipe remove-enum-value moves one column only: give the others another type first.',
        name,
        places,
      )
    : null;
}

/** Columns that have the type before and after, those of partitions left out. */
function placesOf({ from, to }: Draft, type: string): Place[] {
  return Object.entries(from.objects).flatMap(([key, { properties, parts }]) => {
    const object = readObjectName(key);
    if (object?.kind !== 'table' || properties['partition bound'] !== undefined) return [];
    return Object.entries(parts).flatMap(([part, column]) => {
      const { kind, name } = readPart(part);
      if (kind !== 'column' || column['type'] !== type || column['inherited'] === 'yes') return [];
      if (to.objects[key]?.parts[part]?.['type'] !== type) return [];
      return [{ table: parseQualifiedName(object.name), column: parseQualifiedName(name).name }];
    });
  });
}

function settleLabels(
  draft: Draft,
  change: { key: string; name: string; place: Place; present: string[]; wanted: string[] },
): void {
  const { key, name, place, present, wanted } = change;
  const labels = [...present];
  for (const [index, label] of wanted.entries()) {
    if (labels.includes(label)) continue;
    const previous = wanted[index - 1];
    const [before, after] = neighbours(labels, previous);
    labels.splice(previous === undefined ? 0 : labels.indexOf(previous) + 1, 0, label);
    const where = before === null ? (after === null ? '' : ` AFTER ${after}`) : ` BEFORE ${before}`;
    draft.changes.push({
      change: {
        kind: 'add-enum-value',
        ...place,
        value: textOf(label),
        before: before && textOf(before),
        after: after && textOf(after),
      },
      statements: [`ALTER TYPE ${name} ADD VALUE ${label}${where}`],
    });
  }
  for (const label of without(present, wanted)) {
    const catalog = withLabels(draft.from, key, labels);
    labels.splice(labels.indexOf(label), 1);
    const { steps } = schemaScript(catalog, withLabels(draft.from, key, labels), 'none');
    draft.changes.push({
      change: { kind: 'remove-enum-value', ...place, value: textOf(label), instead: null },
      statements: inOrder(steps),
    });
  }
}

/** What a new label stands before or behind; neither: behind all. */
function neighbours(
  labels: readonly string[],
  previous: string | undefined,
): [before: string | null, after: string | null] {
  if (previous === undefined) return [labels[0] ?? null, null];
  return previous === labels.at(-1) ? [null, null] : [null, previous];
}

function withLabels(catalog: Catalog, key: string, labels: readonly string[]): Catalog {
  const copy = { ...catalog, objects: { ...catalog.objects } };
  setProperties(copy, key, null, { labels: labels.join(', ') });
  return copy;
}

/** The text that a literal stands for. */
function textOf(literal: string): string {
  const isEscaped = literal.startsWith('E');
  const inner = literal.slice(isEscaped ? 2 : 1, -1).replaceAll("''", "'");
  return isEscaped ? inner.replaceAll('\\\\', '\\') : inner;
}
