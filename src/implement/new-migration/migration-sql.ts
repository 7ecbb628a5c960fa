/** One pair of up and down as SQL, before a template gives it a file. Statements have no semicolon at their end. */
export interface MigrationSql {
  /** What it does, in one sentence. */
  title: string;
  /** Why it is done this way and what to know before it runs, each a paragraph. */
  notes: string[];
  up: string[];
  downNotes: string[];
  down: string[];
  /** false: its only statement refuses a transaction or commits by itself. */
  transactional: boolean;
}
