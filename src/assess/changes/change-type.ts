import type { BaseIssue, BaseSchema } from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import type { Session } from '../../database/session';
import type { MigrationTypeId } from '../../documents/migration-types';
import type { QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { ChangeFindings, NewColumnFacts } from '../change-facts';

/**
 * One kind of change apart from how it is carried out: what is asked for it, which columns it concerns, how it is called. Names,
 * checks, documents and options of all kinds follow from these. One kind, one file, listed in ../change.ts.
 */
export interface ChangeType<C> {
  /** Also the recipe's id, and its name on the command line. */
  kind: string;
  /** Under which heading pickers list it. */
  group: ChangeGroup;
  /** For pickers: `Rename a column`. */
  title(): string;
  /** What its plan takes care of, in one sentence. */
  description(): string;
  /** How it is written in the front matter of plan.md. */
  stored: BaseSchema<C, C, BaseIssue<unknown>>;
  /** What is asked beside the table, in this order. */
  fields(): ChangeField[];
  /** The fields as options, in the notation of a usage line. */
  usage: string;
  /** What its `table` names: a table that is there, unless said. */
  subject?: ChangeSubject;
  /** The change that these answers describe. Throws `usage` where one is missing, `invalid-name`. */
  read(answers: Answers): C;
  /** The answers that describe this change, by field: `read` gives it again. */
  answers(change: C): FieldValues;
  /** Options of its plan that are worth a question. */
  planChoices: readonly ('dualWrite' | 'deploySteps')[];
  /** One sentence, for titles and documents. */
  describe(change: C): string;
  /** Words for the plan folder's name. */
  words(change: C): string;
  /** The columns it concerns, what is removed first. */
  columns(change: C): ColumnFate[];
  /** Whether it concerns the table itself, and so all that depends on any part of it. */
  concernsTable?: boolean;
  /** Tables besides its own to which it moves rows. */
  alsoWrites?(change: C): QualifiedName[];
  /** What has to be true of the rows when it is made; null where rows do not tell. */
  law(change: C): DataLaw | null;
  /** Asks the server what only this kind of change needs to know. Throws `invalid-input`. Reads only. */
  look?(change: C, at: Look): Promise<ChangeFindings>;
  /** Throws `not-found`, `already-done` or `invalid-input` where it cannot be meant for this table. */
  check(change: C, table: TableFacts): void;
  migrationType(change: C): { id: MigrationTypeId; why: string };
  /** Whether every row is written once. `newColumn`: what the server says of a new column, null where it was not asked. */
  rewritesRows(change: C, newColumn: NewColumnFacts | null): boolean;
  /** How it is today and how it will be, in sentences. */
  states(change: C, table: TableFacts): { before: string[]; after: string[] };
}

export type ChangeGroup =
  'columns' | 'constraints' | 'indexes' | 'tables' | 'types' | 'views' | 'routines' | 'data' | 'sql';

/** `any`: a table or view, or the name of what the change makes. `routine`: a function or procedure. `type`: a composite one. */
export type ChangeSubject = 'table' | 'new-table' | 'view' | 'routine' | 'type' | 'any';

/** Where a change looks. */
export interface Look {
  session: Session;
  parser: SqlParser;
  table: TableFacts;
  signal: AbortSignal;
}

/** What becomes of a column. `changed`: it keeps its name. `used`: it stays as it is, and the change needs it. */
export interface ColumnFate {
  column: string;
  fate: 'removed' | 'changed' | 'added' | 'used';
}

/** What the rows prove. `equal`: two columns on every row while both are there. `filled`: no row is without a value. */
export type DataLaw = { kind: 'equal'; old: string; new: string } | { kind: 'filled'; column: string };

/** Answers by field; a flag that is set is `yes`. */
export type FieldValues = Readonly<Record<string, string>>;

/** One thing that is asked for a change: in a form, as a question of its own, and as an option of the command line. */
export type ChangeField = FieldText & FieldKind;

interface FieldText {
  /** Also the option's name. Kinds of change that share one share its meaning. */
  id: string;
  /** In a form. */
  label: string;
  /** As a question of its own, after the answers before it. */
  question(before: FieldValues): string;
  hint?: string;
  placeholder?: string;
  /** How many lines a text has room for; one unless said. */
  lines?: number;
  /** Whether it may be left empty. */
  optional?: boolean;
  /** Whether it is asked, given the answers before it; always unless said. */
  when?: (before: FieldValues) => boolean;
}

/**
 * `column`, `columns`, `constraint`, `index`: what the table has. `new-name`: a column it does not have. `name`: of
 * anything else that is new. `relation`: another table. `text`: a type or SQL.
 */
export type FieldKind =
  | { asks: 'column' | 'columns' | 'constraint' | 'index' | 'new-name' | 'name' | 'relation' | 'text' }
  /** Not on the command line, where the option that is given says which. The first one is the default. */
  | { asks: 'choice'; choices: FieldChoice[] }
  /** How yes and no are worded as a question. */
  | { asks: 'flag'; yes: string; no: string };

export interface FieldChoice {
  value: string;
  label: string;
  detail: string;
}

/** What somebody said, by field. */
export interface Answers {
  /** Throws `usage`, `invalid-name`. */
  table(): QualifiedName;
  /** Another table. Throws `usage`, `invalid-name`. */
  relation(id: string): QualifiedName;
  /** A name: of a column, a constraint, an index. Throws `usage`, `invalid-name`. */
  name(id: string): string;
  /** null where it was left empty. */
  optionalName(id: string): string | null;
  /** Names of columns, at least one. Throws `usage`, `invalid-name`. */
  columns(id: string): string[];
  /** Throws `usage` where it is missing. */
  text(id: string): string;
  /** null where it was left empty. */
  optionalText(id: string): string | null;
  flag(id: string): boolean;
}
