import type { ComposedFile } from '../layouts/new-migration';
import type { Position } from '../sql/statement';

export type Severity = 'error' | 'warning' | 'info';

/** One safety rule's verdict on one statement. */
export interface Finding {
  /** The rule's id, or `syntax-error`, `not-analysed`. */
  rule: string;
  severity: Severity;
  /** Index of the statement; null for a finding on the file. */
  statement: number | null;
  start: Position;
  end: Position;
  /** What happens, to what, and what to do instead. */
  message: string;
  fix: Fix | null;
}

export interface Fix {
  title: string;
  edits: { path: string; start: Position; end: Position; newText: string }[];
  creates: CreatedFile[];
}

/** A new file of a fix. */
export interface CreatedFile {
  path: string;
  text: string;
  /** As its layout composed it, until the tool's own files that change with it are known. */
  composed?: ComposedFile;
}
