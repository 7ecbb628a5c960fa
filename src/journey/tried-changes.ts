import type { DiffFound, SchemaChange } from '../assess/diff/changes-between';
import { dropsLast, missingViews, readersLast } from '../assess/diff/drops-last';
import { asksOf, plannableRaw, refusalOf, tellsWayBack, type RawGround } from '../assess/diff/plannable-raw';
import { remadeBy } from '../assess/diff/remade-parts';
import type { Catalog } from '../catalog/catalog';
import { compareCatalogs, type Difference } from '../catalog/compare';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { inOrder } from '../reverse/reverse-step';
import { schemaScript } from '../reverse/schema-script';

/** Changes as they are proposed, and what is to be said of them. */
export interface TriedChanges {
  changes: SchemaChange[];
  /** What differs and has no recipe, in sentences. */
  differences: string[];
  notes: string[];
}

/** Where changes are tried, and what they are to lead to. */
export interface TrialGround extends RawGround {
  after: Catalog;
  /** The schema as it is in the shadow by now. */
  read(): Promise<Catalog>;
}

/**
 * The changes in an order in which their statements worked, at once, in the shadow, each of SQL of its own with a way back
 * that worked there from the state it leads to. What cannot be planned so is told as a difference.
 */
export async function triedChanges(found: DiffFound, ground: TrialGround): Promise<TriedChanges> {
  const changes = plannableRaw(found.changes, ground);
  // A new value of an enum cannot be used in the transaction that adds it.
  for (const { change, statements } of changes)
    if (change.kind === 'add-enum-value') for (const sql of statements) await ground.session.script(sql);
  const { order, trial, failure } = await workingOrder(
    [dropsLast(changes), dropsLast(readersLast(changes)), changes],
    ground,
  );
  const proposed = order.map((item) => withWayBack(item, trial.backs));
  const refusals = new Map(
    proposed.flatMap((item) => {
      const refusal = item.change.kind === 'raw-sql' ? refusalOf(item.change, ground) : null;
      return refusal === null ? [] : [[item, refusal] as const];
    }),
  );
  const lone = new Set([...refusals.keys()].flatMap(({ together }) => together ?? []));
  const kept = proposed.filter(
    (item) => !refusals.has(item) && !(item.together !== undefined && lone.has(item.together)),
  );
  return {
    changes: kept.map((item) => withAsks(item, ground)),
    differences: [...found.differences, ...refusals.values()],
    notes: [
      ...(failure === null ? notReached(trial.reached, ground.after, found.untouched) : [failure]),
      ...kept.flatMap((item) => missingViews(item, kept)).map(missing),
      ...kept.flatMap((item) => unguarded(item, kept)),
    ],
  };
}

interface Trial {
  backs: Map<SchemaChange, string[]>;
  reached: Catalog;
}

async function workingOrder(
  orders: readonly (readonly SchemaChange[])[],
  ground: TrialGround,
): Promise<{ order: readonly SchemaChange[]; trial: Trial; failure: string | null }> {
  let failure: string | null = null;
  for (const order of orders) {
    try {
      return { order, trial: await tried(order, ground, false), failure: null };
    } catch (error) {
      if (!isSwitchbackError(error) || ground.session.lost.aborted) throw error;
      failure = t('They were tried in this order, and one fails after those before it: {0}', error.sentence);
    }
  }
  const order = orders.at(-1)!;
  return { order, trial: await tried(order, ground, true), failure };
}

/** Runs them one after the other, and takes all of it back; `skips` goes on behind one that fails. */
async function tried(order: readonly SchemaChange[], ground: TrialGround, skips: boolean): Promise<Trial> {
  return ground.session.transaction(
    async () => {
      const backs = new Map<SchemaChange, string[]>();
      for (const item of order) {
        const run = async (): Promise<void> => {
          const back = await triedItem(item, ground);
          if (back) backs.set(item, back);
        };
        if (skips) await perhaps(ground, run);
        else await run();
      }
      return { backs, reached: await ground.read() };
    },
    { rollback: true },
  );
}

/** Runs one; gives the way back that worked, where its text does not tell one. */
async function triedItem(
  { change, statements }: SchemaChange,
  ground: TrialGround,
): Promise<string[] | null> {
  if (change.kind === 'add-enum-value') return null;
  const asks = change.kind === 'raw-sql' && !tellsWayBack(change, ground);
  const before = asks ? await ground.read() : null;
  for (const sql of statements) await ground.session.script(sql);
  if (!before) return null;
  const back = inOrder(schemaScript(await ground.read(), before, 'none').steps);
  let works = false;
  await perhaps(
    ground,
    async () => {
      for (const sql of back) await ground.session.script(sql);
      works = differencesOf(await ground.read(), before).length === 0;
    },
    true,
  );
  return works && back.length > 0 ? back : null;
}

/** Runs what may fail inside the transaction, which goes on as it was; `undo` takes back what worked, too. */
async function perhaps({ session }: TrialGround, work: () => Promise<void>, undo = false): Promise<void> {
  await session.script('SAVEPOINT perhaps');
  try {
    await work();
    if (undo) await session.script('ROLLBACK TO SAVEPOINT perhaps');
  } catch (error) {
    if (!isSwitchbackError(error) || session.lost.aborted) throw error;
    await session.script('ROLLBACK TO SAVEPOINT perhaps');
  }
  await session.script('RELEASE SAVEPOINT perhaps');
}

function withWayBack(item: SchemaChange, backs: Trial['backs']): SchemaChange {
  const back = backs.get(item);
  if (item.change.kind !== 'raw-sql' || !back) return item;
  return { ...item, change: { ...item.change, down: back.join(';\n') } };
}

function withAsks(item: SchemaChange, ground: TrialGround): SchemaChange {
  const asks = item.change.kind === 'raw-sql' ? asksOf(item.change, ground) : [];
  return asks.length === 0 ? item : { ...item, asks };
}

function differencesOf(before: Catalog, after: Catalog): Difference[] {
  return compareCatalogs(before, after, { withoutRoles: true }).filter(({ kind }) => kind === 'structure');
}

function notReached(reached: Catalog, after: Catalog, untouched: ReadonlySet<string>): string[] {
  return differencesOf(reached, after)
    .map(({ object, property }) => ({ object, property, text: `${object} ${property} ` }))
    .filter(({ text }) => ![...untouched].some((each) => text.startsWith(`${each} `)))
    .map(({ object, property }) =>
      t('{0}: {1} still differs after them. Look at it yourself.', object, property),
    );
}

function missing(view: string): string {
  return t(
    'The view {0} is missing from where it is dropped until the last change makes it again, as the recipe of a type wants it gone: keep that time short, or let code read the table meanwhile.',
    view,
  );
}

/** A constraint that cannot be there twice is missing until it is made again. */
function unguarded(item: SchemaChange, changes: readonly SchemaChange[]): string[] {
  const { change } = item;
  if (change.kind !== 'drop-constraint' || !remadeBy(change, item, changes)) return [];
  return [
    t(
      'Between the change that drops {0} and the one that adds it as it is to be, nothing refuses rows that do not fit it: keep that time short.',
      change.constraint,
    ),
  ];
}
