import type { PlPgSqlItem } from './plpgsql-items';
import { tokens, type Token } from './tokens';

export interface ItemPlace {
  start: number;
  end: number;
  /** How much longer the text's first word is than the compiler's: PERFORM for SELECT. */
  skip: number;
}

/** Finds the SQL texts of a compiled body in the body: the compiler gives only the line a statement starts on. */
export class PlPgSqlPlaces {
  private readonly tokens: Token[];
  private readonly lines: number[];
  private readonly taken = new Set<number>();

  constructor(private readonly code: string) {
    this.tokens = [...tokens(code)];
    // The compiler counts line feeds.
    this.lines = [0];
    for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) this.lines.push(at + 1);
  }

  /** The line, without the blanks at its ends. */
  line(number: number): { start: number; end: number } {
    const from = this.lines[Math.min(Math.max(number, 1), this.lines.length) - 1]!;
    const to = this.lines[Math.min(number, this.lines.length)] ?? this.code.length;
    const text = this.code.slice(from, Math.max(from, to));
    const start = from + (text.length - text.trimStart().length);
    return { start, end: Math.max(start, from + text.trimEnd().length) };
  }

  /** Null where the text does not stand as the compiler gives it. */
  find(item: PlPgSqlItem): ItemPlace | null {
    const from = this.lines[Math.min(Math.max(item.line, 1), this.lines.length) - 1]!;
    for (let index = this.firstFrom(from); index < this.tokens.length; index++) {
      const token = this.tokens[index]!;
      if (this.taken.has(token.start)) continue;
      const place = this.at(item, token);
      if (!place || !this.ends(item, index, place.end)) continue;
      this.taken.add(token.start);
      return place;
    }
    return null;
  }

  private at(item: PlPgSqlItem, token: Token): ItemPlace | null {
    const { query } = item;
    const { code } = this;
    if (item.kind === 'perform') {
      if (token.text.toLowerCase() !== 'perform') return null;
      const rest = query.slice('SELECT'.length);
      const skip = 'PERFORM'.length - 'SELECT'.length;
      return code.startsWith(rest, token.end)
        ? { start: token.start, end: token.start + query.length + skip, skip }
        : null;
    }
    // INTO and its target are blanked, one blank for each byte of ASCII text.
    for (let index = 0; index < query.length; index++) {
      const same = query[index] === code[token.start + index];
      if (!same && !(item.into && query[index] === ' ')) return null;
    }
    return { start: token.start, end: token.start + query.length, skip: 0 };
  }

  /** Whether the text ends where its statement or expression does. */
  private ends(item: PlPgSqlItem, index: number, end: number): boolean {
    let next = index;
    while (next < this.tokens.length && this.tokens[next]!.start < end) next++;
    const token = this.tokens[next];
    if (this.tokens[next - 1]!.end > end) return false;
    if (!token) return true;
    const word = token.text.toLowerCase();
    if (item.kind === 'expression')
      return /^(?:[;),.\]:]|then|loop|into|using|when|by|slice|and|:=|=)$/.test(word);
    return (
      word === ';' || word === 'loop' || (item.into && word === 'into') || word === 'using' || word === ')'
    );
  }

  private firstFrom(offset: number): number {
    let low = 0;
    let high = this.tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tokens[middle]!.start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
