import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import type { Direction } from '../../layouts/layout';
import {
  lockModes,
  workKinds,
  type Forecast,
  type LockMode,
  type RelationLock,
  type Work,
} from '../forecast';
import { functionsNotSeen } from '../hidden-work';
import { isUnderstood } from '../routines/routine-runs';
import { formatQualifiedName } from '../../sql/identifier';
import type { KnownIndex, KnownSchema } from '../known-schema';
import { descendants, rowHolders } from '../known-neighbours';
import { heavierWork, isWeakerLock } from './strength';

/** What a statement meets. */
export interface ForecastContext {
  schema: KnownSchema;
  /** The server's major version, for example 18. */
  major: number;
  direction: Direction;
  transaction: 'wrapped' | 'implicit' | 'none';
}

/** Collects what one statement does; relations that nobody else can see yet are left out. */
export class Effects {
  private readonly modes = new Map<string, LockMode>();
  private readonly indexModes = new Map<string, { table: string; mode: LockMode }>();
  private readonly works: Forecast['works'] = [];
  private single: string | null = null;
  private base: Work = 'catalog';
  private transactional = true;
  private compatible = true;
  private dataRecoverable = true;
  readonly notes: string[] = [];

  constructor(readonly context: ForecastContext) {}

  lock(relation: string, mode: LockMode): void {
    if (this.isFresh(relation)) return;
    const before = this.modes.get(relation);
    if (!before || isWeakerLock(before, mode)) this.modes.set(relation, mode);
  }

  /** The lock on a table and on all its partitions and inheriting tables. */
  lockTree(relation: string, mode: LockMode): void {
    for (const each of [relation, ...descendants(this.context.schema, relation)]) this.lock(each, mode);
  }

  /** The lock on indexes of exactly this relation: on all, or on those that `which` picks. */
  lockIndexes(relation: string, mode: LockMode, which: (index: KnownIndex) => boolean = () => true): void {
    const known = this.context.schema.relations.get(relation);
    for (const index of known?.indexes ?? []) {
      if (!which(index) || index.fresh) continue;
      this.lockIndex(relation, formatQualifiedName({ schema: known!.schema, name: index.name }), mode);
    }
  }

  /** The lock on an index of a table by its key. */
  lockIndex(table: string, key: string, mode: LockMode): void {
    if (this.isFresh(table)) return;
    const before = this.indexModes.get(key);
    if (!before || isWeakerLock(before.mode, mode)) this.indexModes.set(key, { table, mode });
  }

  /**
   * The lock of a query on a relation and, since it is planned with them, on all its indexes (get_relation_info in
   * plancat.c). Up to 15 those of a partitioned table itself are left alone.
   */
  lockForQuery(relation: string, mode: LockMode): void {
    this.lock(relation, mode);
    const partitioned = this.context.schema.relations.get(relation)?.kind === 'partitioned';
    if (!partitioned || this.context.major >= 16) this.lockIndexes(relation, mode);
  }

  /** The same for a table with all its partitions and inheriting tables. */
  lockTreeForQuery(relation: string, mode: LockMode): void {
    for (const each of [relation, ...descendants(this.context.schema, relation)])
      this.lockForQuery(each, mode);
  }

  /** The statement says ONLY: work on this relation does not go on to its children. */
  only(relation: string): void {
    this.single = relation;
  }

  /** Work on the rows of a relation: of its partitions where it has some. */
  work(kind: Work, relation: string): void {
    for (const holder of this.holders(relation)) this.workOn(kind, holder);
  }

  /** Work on a table itself or, where it is partitioned, on its partitions; never on inheriting tables. */
  workOnPartitions(kind: Work, relation: string): void {
    const partitioned = this.context.schema.relations.get(relation)?.kind === 'partitioned';
    for (const each of partitioned ? this.holders(relation) : [relation]) this.workOn(kind, each);
  }

  /** Whose rows the statement means when it names this relation; a partitioned table alone has none. */
  holders(relation: string): string[] {
    const { schema } = this.context;
    if (relation !== this.single) return rowHolders(schema, relation);
    return schema.relations.get(relation)?.kind === 'partitioned' ? [] : [relation];
  }

  /** Work on exactly this relation. What is written anew gets new indexes too (finish_heap_swap in cluster.c). */
  workOn(kind: Work, relation: string): void {
    if (kind === 'rewrite') this.lockIndexes(relation, 'AccessExclusiveLock');
    this.addWork(kind, relation);
  }

  /** A relation's file moves, as it is: its indexes stay where they are. */
  move(relation: string): void {
    this.addWork('rewrite', relation);
  }

  private addWork(kind: Work, relation: string): void {
    if (this.isFresh(relation)) return;
    const found = this.works.find((each) => each.relation === relation);
    if (!found) this.works.push({ kind, relation });
    else found.kind = heavierWork(found.kind, kind);
  }

  /** Takes over what a statement inside this one does. */
  include(inner: Effects): void {
    this.includeLocks(inner);
    for (const { kind, relation } of inner.works) this.addWork(kind, relation);
    this.base = heavierWork(this.base, inner.base);
    this.compatible &&= inner.compatible;
    this.dataRecoverable &&= inner.dataRecoverable;
    for (const note of inner.notes) this.note(note);
  }

  /** Takes over only its locks: it is planned, not run. */
  includeLocks(inner: Effects): void {
    for (const [relation, mode] of inner.modes) this.lock(relation, mode);
    for (const [key, { table, mode }] of inner.indexModes) this.lockIndex(table, key, mode);
  }

  /** The statement changes no catalog either. */
  changesNothing(): void {
    this.base = 'none';
  }

  refusesTransaction(): void {
    this.transactional = false;
  }

  breaksOldCode(): void {
    this.compatible = false;
  }

  losesData(): void {
    this.dataRecoverable = false;
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** Says which functions the statement runs that nobody looked into. */
  noteFunctions(node: object): void {
    const names = functionsNotSeen(node).filter((name) => !isUnderstood(this.context.schema, name));
    if (names.length === 0) return;
    this.note(
      t(
        'The inside of {0} was not looked at: what it locks and changes is not part of this forecast.',
        names.map((name) => `${name}()`).join(', '),
      ),
    );
  }

  /** What it changes besides its locks and works is not known. */
  changesSomething(): void {
    this.base = heavierWork(this.base, 'catalog');
  }

  /**
   * A statement that refuses a transaction locks indexes one after the other, in transactions of its own and too briefly
   * to be measured surely: nothing is said of them. An index locked without its table counts as a relation of its own.
   */
  private allLocks(): Pick<Forecast, 'locks' | 'indexLocks'> {
    const alone = new Map(this.modes);
    const beside = new Map<string, LockMode>();
    for (const [key, { table, mode }] of this.indexModes) {
      if (!this.modes.has(table)) alone.set(key, mode);
      else if (this.transactional) beside.set(key, mode);
    }
    return { locks: lockList(alone), indexLocks: lockList(beside) };
  }

  isFresh(relation: string): boolean {
    const known = this.context.schema.relations.get(relation);
    return known?.fresh === true || known?.persistence === 'temporary';
  }

  forecast(statement: Statement): Forecast {
    const { locks, indexLocks } = this.allLocks();
    const works = [...this.works].sort((a, b) => workKinds.indexOf(b.kind) - workKinds.indexOf(a.kind));
    const work = works.reduce((most, each) => heavierWork(most, each.kind), this.base);
    return {
      index: statement.index,
      kind: statement.kind,
      start: statement.start,
      end: statement.end,
      direction: this.context.direction,
      locks,
      indexLocks,
      work,
      workOn: works.filter((each) => each.kind === work).map((each) => each.relation),
      works,
      blocks: blockedBy(locks),
      transactional: this.transactional,
      compatible: this.compatible,
      dataRecoverable: this.dataRecoverable,
      holdMilliseconds: null,
      depth: 'static',
      notes: this.notes,
    };
  }
}

function lockList(modes: Iterable<[string, LockMode]>): RelationLock[] {
  return [...modes]
    .map(([relation, mode]) => ({ relation, mode }))
    .sort((a, b) => (a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : 0));
}

/** The conflict table: https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY */
export function blockedBy(locks: readonly RelationLock[]): Forecast['blocks'] {
  const strongest = Math.max(-1, ...locks.map((lock) => lockModes.indexOf(lock.mode)));
  const blocks: Forecast['blocks'] = [];
  if (strongest >= lockModes.indexOf('AccessExclusiveLock')) blocks.push('reads');
  if (strongest >= lockModes.indexOf('ShareLock')) blocks.push('writes');
  if (strongest >= lockModes.indexOf('ShareUpdateExclusiveLock')) blocks.push('ddl');
  return blocks;
}

/** Whether others wait for as long as the table is big: a lock that stops writes, and work on rows. */
export function holdsOthersForItsWork(forecast: Pick<Forecast, 'locks' | 'work'>): boolean {
  return (
    workKinds.indexOf(forecast.work) >= workKinds.indexOf('scan') &&
    blockedBy(forecast.locks).includes('writes')
  );
}
