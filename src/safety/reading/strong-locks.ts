import { formatQualifiedName } from '../../sql/identifier';
import { asKind } from '../../sql/tree';
import type { Forecast, LockMode } from '../forecast';
import { lockModes } from '../forecast';
import type { KnownSchema } from '../known-schema';
import { tableOfIndex } from '../known-neighbours';
import type { RuleScript } from '../rule';

/** Locks that stop writes, and before which everybody queues. */
export function queuesOthers(forecast: Pick<Forecast, 'blocks'>): boolean {
  return forecast.blocks.includes('writes');
}

const writeStoppers: ReadonlySet<LockMode> = new Set(lockModes.slice(lockModes.indexOf('ShareLock')));

/** Whether a lock mode stops writes. */
export function stopsWrites(mode: LockMode): boolean {
  return writeStoppers.has(mode);
}

/** What a statement locks, for a message: sequences and indexes only where there is nothing else. */
export function locksToName(schema: KnownSchema, { locks }: Pick<Forecast, 'locks'>): string[] {
  const all = locks.map((lock) => lock.relation);
  const named = all.filter(
    (key) => schema.relations.get(key)?.kind !== 'sequence' && tableOfIndex(schema, key) === null,
  );
  return named.length > 0 ? named : all;
}

/** Forecasts of the earlier statements of the transaction that this statement shares with others. */
export function earlierInTransaction(
  script: Pick<RuleScript, 'earlier' | 'blocks'>,
  index: number,
): readonly Forecast[] {
  const block = script.blocks[index] ?? null;
  return block === null ? [] : script.earlier.filter((each) => script.blocks[each.index] === block);
}

/** The table a partition belongs to in the end; the relation itself where it is none. */
export function rootTable(schema: KnownSchema, key: string): string {
  let root = key;
  for (let depth = 0; depth < 50; depth++) {
    const parent = schema.relations.get(root)?.parent;
    if (!parent) return root;
    root = parent;
  }
  return root;
}

/** The name a relation had before the script renamed it, as `schema.name`; the same where it did not. */
export function nameBefore(script: Pick<RuleScript, 'statements'>, index: number, key: string): string {
  let name = key;
  for (let place = index - 1; place >= 0; place -= 1) {
    const statement = script.statements[place]!;
    if (statement.kind !== 'RenameStmt') continue;
    const rename = asKind(statement.node, 'RenameStmt');
    if (!rename?.relation || !/^OBJECT_(TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/.test(rename.renameType ?? ''))
      continue;
    const schema = rename.relation.schemaname ?? 'public';
    const renamed = formatQualifiedName({ schema, name: rename.newname ?? '' });
    if (renamed === name) name = formatQualifiedName({ schema, name: rename.relation.relname ?? '' });
  }
  return name;
}
