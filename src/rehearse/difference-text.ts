import type { Difference } from '../catalog/compare';
import { t } from '../messages/translate';

/** The same objects as they were and as they are, as two texts to be compared. */
export interface DifferenceTexts {
  before: string;
  after: string;
}

/** Characters of a line that each side of a comparison can show in a window of usual width. */
const sideWidth = 48;

/**
 * The objects that differ with what of them differs, each side as a text of its own, in lines that fit beside each other;
 * empty ones where nothing does. What one side has and the other has not, is there as "not there".
 */
export function differenceTexts(differences: readonly Difference[]): DifferenceTexts {
  return { before: sideOf(differences, 'before'), after: sideOf(differences, 'after') };
}

/**
 * The differences object by object as lines: the object, then what was (`-`) and what is (`+`). Of a text of many
 * lines only those that differ, with a line around them.
 */
export async function differenceLines(differences: readonly Difference[]): Promise<string[]> {
  const { structuredPatch } = await import('diff');
  const changed = (difference: Difference): string[] => {
    const [one, other] = [valueLines(difference, 'before'), valueLines(difference, 'after')];
    if (one.length < 2 || other.length < 2) {
      return [...one.map((line) => `- ${line}`), ...other.map((line) => `+ ${line}`)];
    }
    const [before, after] = [`${one.join('\n')}\n`, `${other.join('\n')}\n`];
    const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 1 });
    return hunks.flatMap(({ lines, oldStart }) => [
      ...(oldStart > 1 ? ['  …'] : []),
      ...lines.map((line) => `${line.charAt(0)} ${line.slice(1)}`),
    ]);
  };
  return byObject(differences).flatMap(({ object, differences: own }) => [
    object,
    ...own.flatMap((difference) => changed(difference).map((line) => `  ${line}`)),
  ]);
}

function sideOf(differences: readonly Difference[], side: 'before' | 'after'): string {
  return byObject(differences)
    .flatMap(({ object, differences: own }) => [
      object,
      ...own.flatMap((difference) => sideLines(difference, side)).map((line) => `  ${line}`),
      '',
    ])
    .join('\n');
}

function sideLines(difference: Difference, side: 'before' | 'after'): string[] {
  const { property } = difference;
  const lines = valueLines(difference, side);
  if (lines.length === 0) return [t('{0}: not there', property)];
  const [only] = lines;
  if (lines.length > 1 || only!.length <= sideWidth || property === 'exists') return lines;
  return [`${property}:`, ...wrapped(difference[side]!, sideWidth - 2).map((line) => `  ${line}`)];
}

/** Lines of at most `width` characters where blanks allow it. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function byObject(differences: readonly Difference[]): { object: string; differences: Difference[] }[] {
  const objects = new Map<string, Difference[]>();
  for (const difference of differences) {
    const known = objects.get(difference.object);
    if (known) known.push(difference);
    else objects.set(difference.object, [difference]);
  }
  return [...objects].map(([object, own]) => ({ object, differences: own }));
}

/** A property on one side; nothing where a property is not there, a word where the object is not. */
function valueLines(difference: Difference, side: 'before' | 'after'): string[] {
  const value = difference[side];
  if (difference.property === 'exists') return [value === null ? t('is not there') : t('is there')];
  if (value === null) return [];
  const [first = '', ...more] = value.replaceAll('\r\n', '\n').split('\n');
  if (more.length === 0) return [`${difference.property}: ${first}`];
  return [`${difference.property}:`, ...[first, ...more].map((line) => `  ${line}`)];
}
