import { withLineEndsOf, withLineFeeds } from './line-ends';

/** A line of a checklist that has a name: `- [ ] text <!-- switchback:item ID -->`. */
const item = /^(\s*[-*+] \[)([ xX])(\] .*<!-- switchback:item ([A-Za-z0-9][A-Za-z0-9._-]*) -->[ \t]*)$/gm;

/** The text with these lines ticked; other lines stay as they are, and no tick is taken away. */
export function tickItems(text: string, ids: ReadonlySet<string>): string {
  const ticked = withLineFeeds(text).replace(
    item,
    (_line, before: string, mark: string, after: string, id: string) =>
      `${before}${mark === ' ' && ids.has(id) ? 'x' : mark}${after}`,
  );
  return withLineEndsOf(text, ticked);
}

/** The names of the lines that are ticked. */
export function tickedItems(text: string): Set<string> {
  const ticked = [...withLineFeeds(text).matchAll(item)].filter((match) => match[2] !== ' ');
  return new Set(ticked.map((match) => match[4]!));
}

/** The text with no named line ticked: what is compared and hashed, so that a tick is no edit. */
export function withoutTicks(text: string): string {
  return withLineFeeds(text).replace(item, '$1 $3');
}

/** A name for an item made of any text: lower-case letters, digits and dashes. */
export function itemWord(text: string): string {
  const word = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return word || [...text].map((letter) => letter.codePointAt(0)!.toString(16)).join('-') || 'item';
}
