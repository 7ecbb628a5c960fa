import type { OutsideTransaction } from '../layouts/layout';

/** What a rule proposes instead. It knows the script only; resolve-fix.ts makes edits of files of it. */
export type FixProposal = EditProposal | OutsideTransactionProposal;

/** Other text in the script, and migrations that have to come after it. */
export interface EditProposal {
  kind: 'edit';
  title: string;
  edits: ScriptEdit[];
  /** In order; each is a migration of its own. Empty for most fixes. */
  follows: FollowingMigration[];
}

/**
 * The statement in a form that refuses a transaction. It stays where it is when the layout's runner can run this
 * script without one; else it moves to a migration of its own, with what undoes it.
 */
export interface OutsideTransactionProposal {
  kind: 'outside-transaction';
  title: string;
  /** The whole statement as it should be, without its semicolon. */
  statement: string;
  /** What takes it back, without its semicolon: the down of the migration it moves to. */
  inverse: string;
  /** Words for that migration's file name. */
  name: string;
  /** The index it makes, as `schema.name`: what drops it in the old down moves too. Null where nothing has to move. */
  index: string | null;
}

/** A replacement in the script; `start` equal to `end` inserts. Offsets are the script's. */
export interface ScriptEdit {
  start: number;
  end: number;
  newText: string;
}

export interface FollowingMigration {
  /** Words for its file name: `validate orders customer fk`. */
  name: string;
  /** SQL with semicolons. */
  up: string;
  /** What takes it back, with semicolons. */
  down: string;
  transactional: boolean;
}

/** Where a script's fixes go. */
export interface FixTarget {
  /** The file of the script. */
  path: string;
  /** What the layout needs to run a script without a transaction. */
  outside: OutsideTransaction;
  /** Composes the files of a migration that comes after all others, `earlier` of them composed before. */
  compose(migration: FollowingMigration, earlier: number): { path: string; text: string }[];
  /** The script of the other direction, to take along what belongs to a statement that moves; null without one. */
  other: OtherScript | null;
}

export interface OtherScript {
  path: string;
  /** The whole file. Places are offsets in it. */
  text: string;
  /** Its statements that drop indexes (without their semicolons), with what each drops, as `schema.name`. */
  drops: { start: number; end: number; indexes: string[] }[];
}
