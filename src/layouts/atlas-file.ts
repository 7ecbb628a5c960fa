/** A stretch of a file, in UTF-16 offsets. */
export interface Section {
  start: number;
  /** Exclusive. */
  end: number;
}

/**
 * The values of a directive at the top of a file: comment lines from its first line on, closed by an empty line. With
 * CRLF, or with a statement right behind them, they belong to no file (Directive in sql/migrate/dir.go of Atlas).
 */
export function fileDirectives(text: string, name: string): string[] {
  const values: string[] = [];
  let rest = text;
  while (rest.startsWith('--') || rest.startsWith('#')) {
    const lineEnd = rest.indexOf('\n');
    if (lineEnd < 0) return [];
    const match = /^[ -~]*atlas:(\w+)(?: +([ -~]*))?/.exec(rest.slice(0, lineEnd).trim());
    if (match?.[1] === name) values.push(match[2] ?? '');
    rest = rest.slice(lineEnd + 1);
  }
  return rest.startsWith('\n') ? values : [];
}

/** Whether the file asks for no transaction, by itself. */
export function runsWithoutTransaction(text: string): boolean {
  const modes = fileDirectives(text, 'txmode');
  return modes.length === 1 && modes[0] === 'none';
}

/**
 * The files within an archive, by name, each from behind its line `-- name --` to the next such line; null for a file
 * that is no archive. https://atlasgo.io/versioned/checks and the format's page https://pkg.go.dev/golang.org/x/tools/txtar
 */
export function archiveSections(text: string): Map<string, Section> | null {
  if (!/^-- atlas:txtar[ \t]*\r?(?:\n|$)/.test(text)) return null;
  const sections = new Map<string, Section>();
  let open: Section | null = null;
  for (const { 0: line, 1: name, index } of text.matchAll(/^-- (.*) --\r?(?:\n|$(?![\s\S]))/gm)) {
    const words = name!.trim();
    if (words === '') continue;
    if (open) open.end = index;
    open = { start: index + line.length, end: text.length };
    if (!sections.has(words)) sections.set(words, open);
  }
  return sections;
}

/** Whether an archive holds assertions that have to be true before its migration runs. */
export function hasChecks(sections: ReadonlyMap<string, Section>): boolean {
  return [...sections.keys()].some((name) => name === 'checks.sql' || name.startsWith('checks/'));
}
