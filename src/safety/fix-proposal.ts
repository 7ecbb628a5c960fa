import type { OutsideTransaction } from '../layouts/layout';
import type { CreatedFile } from './finding';

/** What a rule proposes instead. It knows the script only; resolve-fix.ts makes edits of files of it. */
export type FixProposal = EditProposal | OutsideTransactionProposal;

/** Other text in the script, and migrations that have to come after it. */
export interface EditProposal {
  kind: 'edit';
  title: string;
  edits: ScriptEdit[];
  /** In order; each is a migration of its own. Empty for most fixes. */
  follows: FollowingMigration[];
  /** What the script's own way back has to run first, with semicolons, because the script now does something else. */
  undo?: string;
  /** What the other script's statement about an object becomes; null takes it out. */
  other?: { object: ScriptObject; newText: string | null };
}

/**
 * The statement in a form that refuses a transaction. It stays where it is when the layout's runner can run this
 * script without one; else it moves to a migration of its own, with what undoes it.
 */
export interface OutsideTransactionProposal {
  kind: 'outside-transaction';
  title: string;
  /** What stands for the statement, without its last semicolon. Several statements come with `apart`. */
  statement: string;
  /**
   * What takes it back, without its last semicolon: the down of the migration it moves to. Empty where there is
   * nothing to take back; null where only the other script says it, in its statement about `object`.
   */
  inverse: string | null;
  /** Words for that migration's file name. */
  name: string;
  /** What it makes or drops: the other script's statement about it moves too. Null where nothing has to move. */
  object: ScriptObject | null;
  /** What the way back has to run behind its statement about the object, without its last semicolon. */
  after?: string;
  /** The same as migrations of one statement each, for layouts that run no others without a transaction; null for none. */
  apart?: FollowingMigration[] | null;
}

/** Something a statement makes or drops. Names as `schema.name`, a constraint's alone. */
export type ScriptObject =
  | { kind: 'index'; name: string }
  | { kind: 'constraint'; table: string; name: string }
  | { kind: 'partition'; parent: string; child: string };

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
  /** The same as migrations of one statement each, for layouts that run no others without a transaction; null for none. */
  apart?: FollowingMigration[] | null;
}

/** Where a script's fixes go. */
export interface FixTarget {
  /** The file of the script. */
  path: string;
  /** What the layout needs to run a script without a transaction. */
  outside: OutsideTransaction;
  /**
   * Composes the files of a migration that comes after all others, `earlier` of them composed before; null where an edit
   * breaks what the tool sealed, and a fix can have none.
   */
  compose: ((migration: FollowingMigration, earlier: number) => CreatedFile[]) | null;
  /** The script of the other direction, to take along what belongs to a statement that moves; null without one. */
  other: OtherScript | null;
}

export interface OtherScript {
  path: string;
  /** The whole file. Places are offsets in it. */
  text: string;
  /** Where its first statement starts that is no setting and no BEGIN; the end of its SQL where there is none. */
  start: number;
  statements: OtherStatement[];
}

export interface OtherStatement {
  start: number;
  end: number;
  /** The indexes and constraints it makes or drops. */
  objects: ScriptObject[];
  /** Whether that, about one object, is all it does. */
  alone: boolean;
  /** Whether it does not mind that the object is gone, or there, already. */
  tolerant: boolean;
  /** How it reads where there is no transaction, without its semicolon. */
  outside: string;
}
