/**
 * When in the way back of one statement something is done: what depends on others goes first and comes last. The numbers
 * are only compared.
 */
export const ranks = {
  rename: 0,
  dropOutermost: 1,
  dropView: 2,
  dropForeignKey: 3,
  dropPart: 4,
  dropTable: 5,
  dropRoutine: 6,
  dropSequence: 7,
  dropType: 8,
  dropExtension: 9,
  dropSchema: 10,
  createSchema: 20,
  createExtension: 21,
  createType: 22,
  createSequence: 23,
  createRoutine: 24,
  createTable: 25,
  alterTable: 26,
  addConstraint: 27,
  addIndex: 28,
  ownSequence: 29,
  createLateRoutine: 30,
  addForeignKey: 31,
  createView: 32,
  addTrigger: 33,
  createOutermost: 34,
  settings: 35,
} as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** One statement of a way back. */
export interface ReverseStep {
  rank: Rank;
  /** Without its semicolon. */
  sql: string;
  /** What those that use it do not let happen: a relation, one of its columns or a type goes or becomes another. */
  disturbs?: { relation: string; column?: string } | { type: string };
  /** Of what is dropped, the text that mentions what it hangs on. */
  mentions?: string;
}

/** What the making of a way back has to tell beside it. */
export interface ReverseNotes {
  /** What does not come back, or may not work on rows: a sentence. */
  note(sentence: string): void;
}

/** In the order to run them; within a rank what others mention comes before them, and the rest stays as it was. */
export function inOrder(steps: readonly ReverseStep[]): string[] {
  const placed = lateRoutines(steps);
  const byRank = [...new Set(placed.map(({ rank }) => rank))].sort((one, other) => one - other);
  return byRank.flatMap((rank) => {
    const same = placed.filter((step) => step.rank === rank).map(({ sql }) => sql);
    if (rank === ranks.createView || rank === ranks.createType || rank === ranks.createTable)
      return mentionedFirst(same);
    return dropping.has(rank) ? dependentsFirst(placed.filter((step) => step.rank === rank)) : same;
  });
}

/** A routine that takes or gives rows of a table or view comes after that, and before all else that does. */
function lateRoutines(steps: readonly ReverseStep[]): ReverseStep[] {
  const namesOf = (rank: Rank): string[] =>
    steps.filter((step) => step.rank === rank).flatMap(({ sql }) => created.exec(sql)?.[1] ?? []);
  const [tables, views] = [namesOf(ranks.createTable), namesOf(ranks.createView)];
  const late: ReverseStep[] = [];
  const others: ReverseStep[] = [];
  for (const step of steps) {
    const { rank, sql } = step;
    const isRoutine = rank === ranks.createRoutine || rank === ranks.createLateRoutine;
    const read = isRoutine ? checkedAtOnce(sql) : '';
    if (isRoutine && views.some((name) => mentions(read, name))) late.push({ rank: ranks.addTrigger, sql });
    else if (rank === ranks.createRoutine && tables.some((name) => mentions(read, name)))
      late.push({ rank: ranks.alterTable, sql });
    else others.push(step);
  }
  return [...late, ...others];
}

/** What PostgreSQL looks up as a routine is made: all but a body in quotes. */
function checkedAtOnce(sql: string): string {
  const body = sql.search(/\nAS [$']/);
  return body < 0 ? sql : sql.slice(0, body);
}

const dropping: ReadonlySet<Rank> = new Set([
  ranks.dropView,
  ranks.dropTable,
  ranks.dropType,
  ranks.dropRoutine,
]);
const dropped = /^DROP (?:MATERIALIZED VIEW|FOREIGN TABLE|\w+) ([\s\S]+)$/;

/** What mentions another goes before it; what does not is in the order of names. */
function dependentsFirst(steps: readonly ReverseStep[]): string[] {
  const names = steps.map(({ sql }) => dropped.exec(sql)?.[1] ?? null);
  const isBefore = (other: number, index: number): boolean =>
    !!names[index] && !!steps[other]!.mentions && mentions(steps[other]!.mentions, names[index]);
  return inNeededOrder(steps.length, isBefore).map((index) => steps[index]!.sql);
}

const created =
  /^CREATE (?:OR REPLACE )?(?:UNLOGGED )?(?:MATERIALIZED )?(?:TABLE|VIEW|TYPE|DOMAIN|FOREIGN TABLE) (\S+)/;

function mentionedFirst(statements: readonly string[]): string[] {
  const names = statements.map((sql) => created.exec(sql)?.[1] ?? null);
  const isBefore = (other: number, index: number): boolean =>
    names[other] != null && mentions(statements[index]!, names[other]);
  return inNeededOrder(statements.length, isBefore).map((index) => statements[index]!);
}

/**
 * The numbers below `count`: each after those that have to be before it, else as they are. A circle is cut where it is met;
 * each is looked at once, as what is in circles with others lies on more paths than can be gone.
 */
function inNeededOrder(count: number, isBefore: (other: number, index: number) => boolean): number[] {
  const result: number[] = [];
  const seen = new Set<number>();
  const visit = (index: number): void => {
    if (seen.has(index)) return;
    seen.add(index);
    for (let other = 0; other < count; other += 1)
      if (other !== index && isBefore(other, index)) visit(other);
    result.push(index);
  };
  for (let index = 0; index < count; index += 1) visit(index);
  return result;
}

/** Whether a text has a name that is not the begin or end of another; never where there is no name. */
export function mentions(sql: string, name: string): boolean {
  // An empty text is found at every place, and at the end again and again.
  if (name === '') return false;
  for (let at = sql.indexOf(name); at >= 0; at = sql.indexOf(name, at + 1))
    if (!/[\w$"]/.test(sql[at + name.length] ?? '') && !/[\w$".]/.test(sql[at - 1] ?? '')) return true;
  return false;
}
