/** What the name of a file of a plain pair says. */
export interface PlainName {
  /** Digits, as they are written. */
  version: string;
  name: string;
  /** null where the name alone does not tell: `001_add.sql` may be either. */
  direction: 'up' | 'down' | null;
  /** How a team's own runner writes its names, where both directions have an ending: `V0001.Name.up.sql`. */
  style: DirectedStyle | null;
}

export interface DirectedStyle {
  prefix: string;
  separator: string;
}

const plain = /^([0-9]+)[_-](.+)\.sql$/i;
/** Digits and `_` are golang-migrate's way of it. */
const directed = /^(?:(V)([0-9]+)([._-]+)|([0-9]+)([.-]))(.+)\.(up|down)\.sql$/i;

/** Reads `001_add.sql`, `001-add.sql`, `V0001.Add.up.sql` and `0001.add.down.sql`; null for every other name. */
export function readPlainName(fileName: string): PlainName | null {
  const both = directed.exec(fileName);
  if (both) {
    const [, prefix, lettered, afterLettered, bare, afterBare, name, direction] = both;
    return {
      version: (lettered ?? bare)!,
      name: name!,
      direction: direction!.toLowerCase() as 'up' | 'down',
      style: { prefix: prefix ?? '', separator: (afterLettered ?? afterBare)! },
    };
  }
  const one = plain.exec(fileName);
  if (!one || /\.(?:up|down)\.sql$/i.test(fileName)) return null;
  return { version: one[1]!, name: one[2]!, direction: null, style: null };
}
