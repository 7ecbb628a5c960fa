/** One line of a bench's table. */
export interface Figure {
  what: string;
  measured: string;
  /** What was promised; empty for a figure to compare with. */
  bar: string;
  /** null where nothing was promised. */
  held: boolean | null;
  details?: readonly string[];
}

/** Figures, printed as they come. */
export interface Figures {
  add(figure: Figure): void;
  /** Those whose bar did not hold. */
  missed(): Figure[];
}

/** Prints each figure in a line, what it is made of below. */
export function printedFigures(out: (line: string) => void): Figures {
  const all: Figure[] = [];
  return {
    add: (figure) => {
      all.push(figure);
      const verdict = figure.held === null ? '' : figure.held ? '  held' : '  MISSED';
      const bar = figure.bar === '' ? '' : `  (bar: ${figure.bar})`;
      out(`${figure.what}: ${figure.measured}${bar}${verdict}`);
      for (const line of figure.details ?? []) out(`    ${line}`);
    },
    missed: () => all.filter((figure) => figure.held === false),
  };
}

/** The value that this share of all is not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
