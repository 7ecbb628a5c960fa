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
import { descendants, rowHolders, type KnownSchema } from '../known-schema';

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
    if (!before || lockModes.indexOf(before) < lockModes.indexOf(mode)) this.modes.set(relation, mode);
  }

  /** The lock on a table and on all its partitions and inheriting tables. */
  lockTree(relation: string, mode: LockMode): void {
    for (const each of [relation, ...descendants(this.context.schema, relation)]) this.lock(each, mode);
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

  /** Work on exactly this relation. */
  workOn(kind: Work, relation: string): void {
    if (this.isFresh(relation)) return;
    const found = this.works.find((each) => each.relation === relation);
    if (!found) this.works.push({ kind, relation });
    else if (workKinds.indexOf(found.kind) < workKinds.indexOf(kind)) found.kind = kind;
  }

  /** Takes over what a statement inside this one does. */
  include(inner: Effects): void {
    this.includeLocks(inner);
    for (const { kind, relation } of inner.works) this.workOn(kind, relation);
    this.base = strongerWork(this.base, inner.base);
    this.compatible &&= inner.compatible;
    this.dataRecoverable &&= inner.dataRecoverable;
    for (const note of inner.notes) this.note(note);
  }

  /** Takes over only its locks: it is planned, not run. */
  includeLocks(inner: Effects): void {
    for (const [relation, mode] of inner.modes) this.lock(relation, mode);
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

  /** Adds what a statement does that this one runs inside. */
  includeForecast(inner: Forecast): void {
    for (const { relation, mode } of inner.locks) this.lock(relation, mode);
    for (const { kind, relation } of inner.works) this.workOn(kind, relation);
    this.base = strongerWork(this.base, inner.work === 'none' ? 'none' : 'catalog');
    if (!inner.compatible) this.compatible = false;
    if (!inner.dataRecoverable) this.dataRecoverable = false;
    for (const note of inner.notes) this.note(note);
  }

  /** What it changes besides its locks and works is not known. */
  changesSomething(): void {
    this.base = strongerWork(this.base, 'catalog');
  }

  isFresh(relation: string): boolean {
    const known = this.context.schema.relations.get(relation);
    return known?.fresh === true || known?.persistence === 'temporary';
  }

  forecast(statement: Statement): Forecast {
    const locks: RelationLock[] = [...this.modes]
      .map(([relation, mode]) => ({ relation, mode }))
      .sort((a, b) => (a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : 0));
    const works = [...this.works].sort((a, b) => workKinds.indexOf(b.kind) - workKinds.indexOf(a.kind));
    const work = works.reduce((most, each) => strongerWork(most, each.kind), this.base);
    return {
      index: statement.index,
      kind: statement.kind,
      start: statement.start,
      end: statement.end,
      direction: this.context.direction,
      locks,
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

function strongerWork(left: Work, right: Work): Work {
  return workKinds.indexOf(left) >= workKinds.indexOf(right) ? left : right;
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
