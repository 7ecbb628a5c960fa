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
}

/** What the making of a way back has to tell beside it. */
export interface ReverseNotes {
  /** What does not come back, or may not work on rows: a sentence. */
  note(sentence: string): void;
}

/** In the order to run them; within a rank what others mention comes before them, and the rest stays as it was. */
export function inOrder(steps: readonly ReverseStep[]): string[] {
  const byRank = [...new Set(steps.map(({ rank }) => rank))].sort((one, other) => one - other);
  return byRank.flatMap((rank) => {
    const same = steps.filter((step) => step.rank === rank).map(({ sql }) => sql);
    if (rank === ranks.createView || rank === ranks.createType || rank === ranks.createTable)
      return mentionedFirst(same);
    if (rank === ranks.dropView || rank === ranks.dropTable || rank === ranks.dropType) return same;
    return same;
  });
}

const created =
  /^CREATE (?:OR REPLACE )?(?:UNLOGGED )?(?:MATERIALIZED )?(?:TABLE|VIEW|TYPE|DOMAIN|FOREIGN TABLE) (\S+)/;

function mentionedFirst(statements: readonly string[]): string[] {
  const names = statements.map((sql) => created.exec(sql)?.[1] ?? null);
  const done = new Set<number>();
  const result: string[] = [];
  const visit = (index: number, path: ReadonlySet<number>): void => {
    if (done.has(index) || path.has(index)) return;
    const deeper = new Set(path).add(index);
    names.forEach((name, other) => {
      if (name !== null && other !== index && mentions(statements[index]!, name)) visit(other, deeper);
    });
    done.add(index);
    result.push(statements[index]!);
  };
  statements.forEach((_, index) => visit(index, new Set()));
  return result;
}

function mentions(sql: string, name: string): boolean {
  const at = sql.indexOf(name);
  return at >= 0 && !/[\w$"]/.test(sql[at + name.length] ?? '');
}
