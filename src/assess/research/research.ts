/** What others know of a change like this: read from the product and the workspace, and never fetched. */
export interface Research {
  /** Pages of PostgreSQL's documentation for the server's version. */
  pages: ResearchLink[];
  /** Pages of the migration tools of the workspace. */
  tools: ResearchLink[];
  /** A search in public code, ready to be opened; null where no statement of SQL is typical of the change. */
  codeSearch: ResearchLink | null;
  pitfalls: Pitfall[];
  alternatives: Alternative[];
  /** Migrations of the workspace that made the same kind of change, those of the same table first. */
  past: PastMigration[];
  /** What was not looked through, as a sentence; null where all was. */
  pastNote: string | null;
}

/** An address that opens when somebody clicks it. */
export interface ResearchLink {
  title: string;
  address: string;
}

/** What goes wrong when it is done naively, and what the recipe does instead. */
export interface Pitfall {
  pitfall: string;
  solution: string;
}

/** What else could be done, and why the recipe does not. */
export interface Alternative {
  instead: string;
  why: string;
}

/** What is known of one kind of change, whatever the table. */
export interface RecipeNotes {
  pitfalls: Pitfall[];
  alternatives: Alternative[];
}

/** A statement of a migration that is there. */
export interface PastMigration {
  /** Relative to the workspace folder, with `/`. */
  path: string;
  /** From 1. */
  line: number;
  /** Without its semicolon. */
  statement: string;
  /** Whether it changed the same table. */
  sameTable: boolean;
  /** Who last committed the file; null where git knows nothing of it. */
  author: string | null;
  /** ISO 8601; null where git knows nothing of it. */
  committedAt: string | null;
}
