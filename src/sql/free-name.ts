import { createHash } from 'node:crypto';
import { clipIdentifier, maximumIdentifierBytes } from './identifier';

/**
 * A name of at most 63 bytes that is not taken: `stem` and `suffix` where they fit, otherwise the stem is
 * cut and eight hex digits of its hash keep it apart from others cut alike.
 */
export function freeName(stem: string, suffix: string, taken: ReadonlySet<string>): string {
  for (let attempt = 1; ; attempt += 1) {
    const ending = attempt === 1 ? suffix : `${suffix}${attempt}`;
    const name = fittingName(stem, ending);
    if (!taken.has(name)) return name;
  }
}

/** `stem + suffix`, shortened to 63 bytes without losing the suffix. */
export function fittingName(stem: string, suffix: string): string {
  const whole = stem + suffix;
  if (Buffer.byteLength(whole, 'utf8') <= maximumIdentifierBytes) return whole;
  const ending = `_${shortHash(stem)}${suffix}`;
  return clipIdentifier(stem, maximumIdentifierBytes - Buffer.byteLength(ending, 'utf8')) + ending;
}

/** Eight hex digits of a text's SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);
}

/**
 * The name of a copy: the old column's name in `original` replaced by the new one where it occurs as whole
 * words between underscores, otherwise `original` with a suffix. `temporary` says that it took the suffix.
 */
export function copyName(
  original: string,
  from: string,
  to: string,
  taken: ReadonlySet<string>,
): { name: string; temporary: boolean } {
  const replaced = replaceWord(original, from, to);
  if (replaced !== null) {
    const name = fittingName(replaced, '');
    if (name !== original && !taken.has(name)) return { name, temporary: false };
  }
  return { name: freeName(original, '_switchback', taken), temporary: true };
}

function replaceWord(text: string, from: string, to: string): string | null {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u');
  return pattern.test(text) ? text.replace(pattern, () => to) : null;
}
