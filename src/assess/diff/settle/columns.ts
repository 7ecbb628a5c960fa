import { t } from '../../../messages/translate';
import { setProperties, tablesInBoth, type Draft } from './draft';

type Properties = Record<string, string>;

/** Columns that no recipe changes in place, and whose values would go if they were dropped and added. */
export function settleColumns(draft: Draft): void {
  for (const { key, name, before, after } of tablesInBoth(draft))
    for (const [part, was] of Object.entries(before.parts)) {
      const is = after.parts[part];
      if (!part.startsWith('column ') || !is) continue;
      const sentence = obstacleTo(`${name}.${part.slice('column '.length)}`, was, is);
      if (sentence === null) continue;
      if (is['inherited'] !== 'yes') draft.differences.push(sentence);
      setProperties(draft.from, key, part, { ...blank(was), ...is });
      draft.untouched.add(`${key} ${part}`);
      settleSequence(draft, `${name}.${part.slice('column '.length)}`);
    }
}

function blank(properties: Properties): Record<string, undefined> {
  return Object.fromEntries(Object.keys(properties).map((name) => [name, undefined]));
}

function obstacleTo(column: string, was: Properties, is: Properties): string | null {
  if (was['generated'] !== is['generated']) {
    if (is['generated'] === undefined)
      return t(
        '{0} is generated and is to be a plain column. None is proposed, as nothing takes that back: plan ALTER COLUMN ... DROP EXPRESSION by raw-sql with --irreversible.',
        column,
      );
    return t(
      '{0} is to be generated as {1}. No recipe does that in place, and dropping the column would lose its values: add a column under another name, let code read it, and drop the old one.',
      column,
      is['generated'],
    );
  }
  const isSerial = /^nextval\(/.test(was['default'] ?? '') && is['identity'] !== undefined;
  return isSerial
    ? t(
        '{0} takes its numbers from a sequence by its default, and is to be an identity column. No recipe does that: in one transaction drop the default and the sequence, add GENERATED ... AS IDENTITY, and set its sequence behind the greatest number.',
        column,
      )
    : null;
}

/** The sequence goes with its column. */
function settleSequence({ from, to, untouched }: Draft, column: string): void {
  for (const objects of [from.objects, to.objects])
    for (const [key, { properties }] of Object.entries(objects)) {
      if (properties['owned by'] !== column) continue;
      untouched.add(key);
      const wanted = to.objects[key];
      if (wanted) from.objects[key] = wanted;
      else delete from.objects[key];
    }
}
