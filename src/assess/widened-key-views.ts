import { dependentsOfColumn } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { walkTree } from '../sql/tree';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { readViewsAgain, type RebuiltView } from './rebuilt-views';
import type { WidenedTable } from './widened-key';
import type { WideType } from './widened-key-type';

/** The views that read a column that becomes wider, with those over them, and what stops them from having it wide. Reads only. */
export async function lookAtWidenedViews(
  tables: readonly WidenedTable[],
  type: WideType,
  at: Look,
): Promise<{ views: RebuiltView[]; blockers: string[] }> {
  const direct = tables.flatMap(({ facts, columns }) =>
    columns.flatMap((column) =>
      dependentsOfColumn(facts.dependents, column).views.filter(({ depth }) => depth === 1),
    ),
  );
  const stored = direct.filter(({ kind }) => kind === 'materialized-view').map(({ name }) => name);
  const plain = direct.filter(({ kind }) => kind === 'view').map(({ name }) => name);
  const { views, blockers } = await readViewsAgain(unique(plain), at);
  const storedBlockers = unique(stored).map((name) =>
    t(
      'The materialized view {0} keeps values of the key, and would have to be filled again while nobody can read. Drop it first, and make it again after the change.',
      formatQualifiedName(name),
    ),
  );
  if (blockers.length + storedBlockers.length > 0)
    return { views, blockers: [...storedBlockers, ...blockers] };
  return { views, blockers: await queryBlockers(views, tables, type, at) };
}

function unique(names: readonly QualifiedName[]): QualifiedName[] {
  return [...new Map(names.map((name) => [formatQualifiedName(name), name])).values()];
}

/** Views whose queries do not take the wider type, such as one that calls f(integer). */
async function queryBlockers(
  views: readonly RebuiltView[],
  tables: readonly WidenedTable[],
  type: WideType,
  at: Look,
): Promise<string[]> {
  const widened = tables.filter(({ columns }) => columns.length > 0);
  const names = [...widened.map(({ facts }) => facts.name), ...views.map(({ name }) => name)];
  // Stand-ins have no schema: of two with one name only one could be meant.
  if (new Set(names.map(({ name }) => name)).size < names.length) return [];
  const found: string[] = [];
  for (const [place, { name }] of views.entries()) {
    const until = views.slice(0, place + 1);
    const attempt = (wide: WideType | null): Promise<string | null> =>
      faultOf(triedQuery(until, widened, { names, wide, parser: at.parser }), at);
    const fault = await attempt(type);
    // What a stand-in is not enough for fails in the same way without the wider type, and says nothing.
    if (fault === null || (await attempt(null)) !== null) continue;
    found.push(
      t(
        'The view {0} cannot be had for {1}: {2}. Replace its query first (replace-view), or make what it calls take {1}.',
        formatQualifiedName(name),
        type,
        fault,
      ),
    );
    // The views over it would fail for its reason.
    break;
  }
  return found;
}

async function faultOf(query: string, { session, signal }: Look): Promise<string | null> {
  try {
    await readOnlyRows(session, query, signal);
    return null;
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    return serverMessage(error);
  }
}

/** The last view's query over stand-ins for the tables and the views before it. */
function triedQuery(
  views: readonly RebuiltView[],
  tables: readonly WidenedTable[],
  { names, wide, parser }: { names: readonly QualifiedName[]; wide: WideType | null; parser: SqlParser },
): string {
  const standIns = [
    ...tables.map(({ facts, columns }) => {
      const row = facts.columns.map(({ name }) =>
        wide !== null && columns.includes(name)
          ? `${quoteIdentifier(name)}::${wide} AS ${quoteIdentifier(name)}`
          : quoteIdentifier(name),
      );
      return `${quoteIdentifier(facts.name.name)} AS (SELECT ${row.join(', ')} FROM ${formatQualifiedName(facts.name)})`;
    }),
    ...views
      .slice(0, -1)
      .map(
        ({ name, definition }) =>
          `${quoteIdentifier(name.name)} AS (${withoutSchemas(parser, definition, names)})`,
      ),
  ];
  const query = withoutSchemas(parser, views.at(-1)!.definition, names);
  return `WITH ${standIns.join(',\n')}\nSELECT FROM (${query}) AS tried LIMIT 0`;
}

/** The query with these relations called by their bare names. */
function withoutSchemas(parser: SqlParser, query: string, names: readonly QualifiedName[]): string {
  const places: number[] = [];
  for (const { node } of parser.parse(query).statements)
    walkTree(node, (kind, fields) => {
      const isMeant = names.some(
        ({ schema, name }) => fields['schemaname'] === schema && fields['relname'] === name,
      );
      if (kind === 'RangeVar' && isMeant) places.push(Number(fields['location'] ?? 0));
    });
  return places
    .sort((one, other) => other - one)
    .reduce(
      (text, place) =>
        text.slice(0, place) + text.slice(place).replace(/^(?:"(?:[^"]|"")*"|[^\s".]+)\s*\.\s*/, ''),
      query,
    );
}
