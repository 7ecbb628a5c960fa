import type { QueryOptions, Session } from '../database/session';
import { catalogMarks, type MarksRow } from './reader/catalog-marks';

/** What becomes another after any change of the catalog. */
export interface CatalogMarks {
  /** Of all that is no relation. */
  other: string;
  /** Whether the present transaction has written: then nothing can be told from these. */
  written: boolean;
  bodiesReadRelations: boolean;
  /** By oid. `bytes` of its own file. */
  relations: ReadonlyMap<string, { mark: string; bytes: number }>;
}

/** The present marks, in one question. Inside `withQualifiedOutput` only. */
export async function readMarks(session: Session, options: QueryOptions): Promise<CatalogMarks> {
  const kept = { ...options, keptAs: 'switchback_marks' };
  const { rows } = await session.query<MarksRow>(catalogMarks(session.facts.major), [], kept);
  const { mark, written, bodiesReadRelations, ...lists } = rows[0]!;
  return { other: mark, written, bodiesReadRelations, relations: relationsOf(lists) };
}

/** What is told of a relation's TOAST table and of its indexes is told of it. */
function relationsOf({
  relations,
  indexes,
  facts,
}: Pick<MarksRow, 'relations' | 'indexes' | 'facts'>): CatalogMarks['relations'] {
  const told = new Map(entries(facts).map(([oid, ...fact]) => [oid!, fact.map(Number)]));
  const indexesOf = new Map<string, string[]>();
  for (const [index, table] of entries(indexes))
    indexesOf.set(table!, [...(indexesOf.get(table!) ?? []), index!]);
  return new Map(
    entries(relations).map(([oid, bytes, toast]) => {
      const all = [oid!, toast!, ...(indexesOf.get(oid!) ?? [])].flatMap((member) =>
        told.get(member) ? [told.get(member)!] : [],
      );
      const rows = all.reduce((sum, [count]) => sum + count!, 0);
      const youngest = Math.max(...all.map(([, born]) => born!));
      return [oid!, { mark: `${rows} ${youngest}`, bytes: Number(bytes) }];
    }),
  );
}

function entries(list: string | null): string[][] {
  return list === null ? [] : list.split(',').map((entry) => entry.split(' '));
}
