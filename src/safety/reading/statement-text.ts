import { tokens } from '../../sql/tokens';

/** The statement's text with something put in behind the first such word outside quotes and comments. */
export function afterWord(text: string, word: string, addition: string): string {
  const place = wordPlace(text, word);
  return place === null ? text : text.slice(0, place.end) + addition + text.slice(place.end);
}

/** Where the first such word outside quotes and comments stands; null where it does not. */
export function wordPlace(text: string, word: string, from = 0): { start: number; end: number } | null {
  for (const token of tokens(text, from)) {
    if (token.kind === 'word' && token.text.toLowerCase() === word)
      return { start: token.start, end: token.end };
  }
  return null;
}
