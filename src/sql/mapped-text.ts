/** One stretch of a text and what stands there instead. */
export interface Replacement {
  start: number;
  /** Exclusive. */
  end: number;
  text: string;
}

/** A text with some stretches replaced, and the way back from its places to those of the original (UTF-16 offsets). */
export class MappedText {
  readonly text: string;
  private readonly stretches: { from: number; to: number; start: number; end: number }[] = [];

  /** `replacements` in the order of the text, none over another. */
  constructor(original: string, replacements: readonly Replacement[]) {
    const parts: string[] = [];
    let taken = 0;
    let length = 0;
    for (const { start, end, text } of replacements) {
      parts.push(original.slice(taken, start), text);
      const from = length + start - taken;
      length = from + text.length;
      this.stretches.push({ from, to: length, start, end });
      taken = end;
    }
    parts.push(original.slice(taken));
    this.text = parts.join('');
  }

  /** The original offset of an offset in `text`; inside a replaced stretch that is its start. */
  startOf(offset: number): number {
    return this.place(offset, 'start');
  }

  /** The same for an exclusive end: inside a replaced stretch that is its end. */
  endOf(offset: number): number {
    return this.place(offset, 'end');
  }

  private place(offset: number, side: 'start' | 'end'): number {
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (
        this.stretches[middle]!.from < offset ||
        (side === 'start' && this.stretches[middle]!.from === offset)
      )
        low = middle + 1;
      else high = middle;
    }
    const before = this.stretches[low - 1];
    if (!before) return offset;
    if (side === 'start' ? offset < before.to : offset <= before.to) return before[side];
    return before.end + (offset - before.to);
  }
}
