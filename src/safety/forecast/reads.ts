import type { SelectStmt } from '@pgsql/types';
import { asKind, strings, walkTree } from '../../sql/tree';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import { relationsReadAlone, relationsReadThroughViews, throughViews } from '../relations-read';
import type { Effects } from './effects';

/** ACCESS SHARE on all that a query reads, and on all indexes of it: tables with their partitions, and what views read. */
export function readRelations(query: unknown, effects: Effects): void {
  const { schema } = effects.context;
  const alone = relationsReadAlone(schema, query);
  for (const key of relationsReadThroughViews(schema, query)) {
    if (alone.has(key)) effects.lockForQuery(key, 'AccessShareLock');
    else effects.lockTreeForQuery(key, 'AccessShareLock');
  }
}

/** FOR UPDATE and the like take ROW SHARE on the tables they name, or on all of FROM. */
export function lockRows(query: SelectStmt, effects: Effects): void {
  const { schema } = effects.context;
  for (const node of query.lockingClause ?? []) {
    const named = (asKind(node, 'LockingClause')?.lockedRels ?? []).map(
      (each) => asKind(each, 'RangeVar')?.relname ?? '',
    );
    walkTree(query.fromClause, (kind, fields) => {
      if (kind === 'RangeSubselect' && named.length === 0) return true;
      if (kind !== 'RangeVar') return true;
      const range = asKind({ RangeVar: fields }, 'RangeVar')!;
      const alias = range.alias?.aliasname ?? range.relname ?? '';
      if (named.length > 0 && !named.includes(alias)) return false;
      for (const key of throughViews(schema, [relationKey(schema, range)])) {
        if (range.inh) effects.lockTreeForQuery(key, 'RowShareLock');
        else effects.lockForQuery(key, 'RowShareLock');
      }
      return false;
    });
  }
}

/** nextval() and setval() take ROW EXCLUSIVE on their sequence. */
export function useSequences(node: unknown, effects: Effects): void {
  walkTree(node, (kind, fields) => {
    if (kind !== 'FuncCall') return;
    const call = asKind({ FuncCall: fields }, 'FuncCall')!;
    if (!/^(nextval|setval)$/.test(strings(call.funcname).at(-1) ?? '')) return;
    const name = asKind(asKind(call.args?.[0], 'TypeCast')?.arg ?? call.args?.[0], 'A_Const')?.sval?.sval;
    if (name) effects.lock(sequenceKey(effects.context.schema, name), 'RowExclusiveLock');
  });
}

/** A name inside quotes, as regclass reads it: folded to lower case unless it is quoted again. */
function sequenceKey(schema: KnownSchema, text: string): string {
  const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map((match) =>
    match[1] === undefined ? match[2]!.toLowerCase() : match[1].replaceAll('""', '"'),
  );
  return dottedKey(schema, parts, schema.relations);
}
