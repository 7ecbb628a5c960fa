import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where the five descriptions of the method lie, beside the repository; not everybody has them. */
export const methodFolder = path.resolve(__dirname, '../../../shared/method');

export function methodIsPresent(): boolean {
  return existsSync(methodFolder);
}

export type MethodKind = 'heading' | 'row' | 'item' | 'command';

/** Something the method offers: a heading, a row of a table, an item of a checklist, a command. */
export interface MethodEntry {
  kind: MethodKind;
  /** Its words in lower case, without marks. */
  text: string;
  line: number;
}

/** The number a document's file name begins with, and its entries in order. */
export function readMethod(): { number: string; entries: MethodEntry[] }[] {
  return readdirSync(methodFolder)
    .filter((name) => /^\d{3}_.*\.txt$/.test(name))
    .sort()
    .map((name) => ({
      number: name.slice(0, 3),
      entries: entriesOf(readFileSync(path.join(methodFolder, name), 'utf8')),
    }));
}

/** Words in lower case, without the marks of Markdown. */
export function plainWords(text: string): string {
  return text
    .replace(/[`*[\]|]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** The entries of one document. Documents shown inside it (```markdown) count like the rest. */
export function entriesOf(document: string): MethodEntry[] {
  const entries: MethodEntry[] = [];
  let fence: string | null = null;
  document.split(/\r?\n/).forEach((line, index) => {
    const mark = /^```(\w*)/.exec(line);
    if (mark) {
      fence = fence === null ? mark[1]! : null;
      return;
    }
    const kind = fence === null || fence === 'markdown' ? kindOfText(line) : kindOfCode(line, fence);
    if (kind !== null) entries.push({ kind, text: plainWords(withoutMarker(line, kind)), line: index + 1 });
  });
  return entries;
}

function kindOfText(line: string): MethodKind | null {
  if (/^#{1,6} /.test(line)) return 'heading';
  if (/^\|/.test(line)) return /^\|[\s:|-]+$/.test(line) ? null : 'row';
  if (/^\s*(?:[-*]|\d+\.) (?:\[[ x]\]|✅)/.test(line)) return 'item';
  // A slash command, or words in code at the end of a step.
  if (/^\s*(?:[-*]|\d+\.) (?:`\/[\w-]+`|.*: `[a-z]\w* [^`]+`$)/.test(line)) return 'command';
  return null;
}

const programs =
  /^(?:sudo )?(?:\.?\/[\w./-]+|npm|pip|curl|open|psql|pg_dump|prisma|alembic|mkdir|mv|mcp__\w+)(?=[\s("]|$)/;

function kindOfCode(line: string, language: string): MethodKind | null {
  if (/^[├└]── \S+\.(?:sh|md)/.test(line)) return 'command';
  const isShell = language === 'bash' || language === 'python' || language === '';
  return isShell && programs.test(line.trim()) ? 'command' : null;
}

function withoutMarker(line: string, kind: MethodKind): string {
  switch (kind) {
    case 'heading':
      return line.replace(/^#+ /, '');
    case 'item':
      return line.replace(/^\s*(?:[-*]|\d+\.) (?:\[[ x]\]|✅)/, '');
    case 'command':
      return line.replace(/^\s*(?:[-*] |\d+\. |[├└]── )/, '').replace(/ # .*$/, '');
    case 'row':
      return line;
  }
}
