import { quoteIdentifier } from '../sql/identifier';
import type { HistoryTable, Layout } from './layout';

/** The layout with its history in the table that is named for it; the layout itself where none is. */
export function withHistoryTable(layout: Layout, table: HistoryTable | null | undefined): Layout {
  if (!table) return layout;
  const { historyQuery } = layout;
  return {
    ...layout,
    history: (directory, session) => layout.history(directory, session, table),
    historyQuery: historyQuery && { ...historyQuery, ...historyQuery.at?.(table) },
    execution: (migration, direction, context) => ({
      ...layout.execution(migration, direction, { ...context, table }),
      ...(table.searchPath ? { searchPath: table.searchPath } : {}),
    }),
  };
}

/** Sets the search path of a session to what a tool gives its migrations. */
export function setSearchPath(schemas: readonly string[]): string {
  return `set search_path to ${schemas.map(quoteIdentifier).join(', ')}`;
}
