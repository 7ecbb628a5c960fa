import { columnOf, readTableFacts } from '../catalog/read-table-facts';
import type { ForeignKeyFacts, TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { ChangeFindings, IndexPart } from './change-facts';
import type { Look } from './changes/change-type';
import { keyColumnOf, type WidenKey } from './changes/widen-key';
import { readIndexParts } from './index-parts';
import type { RebuiltView } from './rebuilt-views';
import { takesWideValues } from './widened-key-expressions';
import { readNumbering, type Numbering } from './widened-key-numbering';
import { isNarrower, type WideType } from './widened-key-type';
import { lookAtWidenedViews } from './widened-key-views';

/** All that becomes wider with a key. */
export interface WidenedKey {
  /** Those that refer to others first, the table whose key it is last. */
  tables: WidenedTable[];
  /** Foreign keys from or to a column that becomes wider. */
  foreignKeys: WidenedForeignKey[];
  /** Views that read a column that becomes wider, and those over them, each behind all it reads. */
  views: RebuiltView[];
}

export interface WidenedTable {
  facts: TableFacts;
  /** Columns that become wider; none where they have been wide enough before. */
  columns: string[];
  /** The valid indexes that use one of them. */
  indexes: IndexPart[];
  /** What numbers its rows. */
  numbering: Numbering[];
  /** Names that relations of its schema have. */
  takenNames: string[];
}

export interface WidenedForeignKey extends ForeignKeyFacts {
  comment: string | null;
}

/** Follows the foreign keys from the primary key to every column that has to hold its values. Reads only. */
export async function lookAtWidenedKey(change: WidenKey, at: Look): Promise<ChangeFindings> {
  const found = new Map([[formatQualifiedName(at.table.name), { facts: at.table, columns: [] as string[] }]]);
  const blockers: string[] = [];
  const add = async (
    facts: TableFacts,
    column: string,
    from: readonly ForeignKeyFacts[] = facts.foreignKeysIn,
  ): Promise<void> => {
    const place = found.get(formatQualifiedName(facts.name))!;
    if (place.columns.includes(column)) return;
    place.columns.push(column);
    for (const key of from) {
      const index = key.toColumns.indexOf(column);
      if (index === -1) continue;
      const name = formatQualifiedName(key.from);
      const child = found.get(name) ?? { facts: await readTableFacts(at.session, key.from), columns: [] };
      found.set(name, child);
      const referring = key.fromColumns[index]!;
      const { type } = columnOf(child.facts, referring);
      if (isNarrower(type, change.type)) await add(child.facts, referring);
      else if (!isWideEnough(type, change.type)) blockers.push(otherType(child.facts, referring, type));
    }
  };
  await add(at.table, keyColumnOf(at.table));
  const places = [...found.values()].reverse();
  const tables: WidenedTable[] = [];
  for (const place of places) tables.push(await readTable(place, at));
  for (const table of tables) blockers.push(...(await takesWideValues(table, change.type, at)));
  const { views, blockers: viewBlockers } = await lookAtWidenedViews(tables, change.type, at);
  blockers.push(...viewBlockers);
  return { blockers, widenedKey: { tables, foreignKeys: keysBetween(tables), views } };
}

function isWideEnough(type: string, wanted: WideType): boolean {
  return type === 'bigint' || type === wanted;
}

function otherType({ name }: TableFacts, column: string, type: string): string {
  return t(
    '{0}.{1} refers to the key and is of the type {2}. Give it a plain integer type first (change-column-type), or drop its foreign key.',
    formatQualifiedName(name),
    formatIdentifier(column),
    type,
  );
}

async function readTable(
  { facts, columns }: Pick<WidenedTable, 'facts' | 'columns'>,
  at: Look,
): Promise<WidenedTable> {
  const indexes: IndexPart[] = [];
  for (const index of facts.indexes) {
    const used = [...index.columns, ...index.expressionColumns];
    if (!index.valid || !columns.some((column) => used.includes(column))) continue;
    indexes.push(...(await readIndexParts(at, index.name)).slice(0, 1));
  }
  const { rows } = await at.session.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_catalog.pg_class
      WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)`,
    [facts.name.schema],
    { signal: at.signal },
  );
  return {
    facts,
    columns,
    indexes,
    numbering: await readNumbering(facts, columns, at),
    takenNames: rows.map(({ name }) => name),
  };
}

/** Each once, with those to tables whose key stays as it is. */
function keysBetween(tables: readonly WidenedTable[]): WidenedForeignKey[] {
  const keys = new Map<string, WidenedForeignKey>();
  for (const { facts, columns } of tables) {
    const concerned = [
      ...facts.foreignKeysOut.filter((key) => key.fromColumns.some((column) => columns.includes(column))),
      ...facts.foreignKeysIn.filter((key) => key.toColumns.some((column) => columns.includes(column))),
    ];
    for (const key of concerned) {
      const owner = tables.find((table) => sameTable(table.facts, key));
      const comment =
        owner?.facts.constraints.find((constraint) => constraint.name === key.name)?.comment ?? null;
      keys.set(JSON.stringify([key.from, key.name]), { ...key, comment });
    }
  }
  return [...keys.values()];
}

function sameTable({ name }: TableFacts, { from }: ForeignKeyFacts): boolean {
  return name.schema === from.schema && name.name === from.name;
}
