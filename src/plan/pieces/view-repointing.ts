import { t } from '../../messages/translate';
import { dependentsOfColumn, type TableFacts, type ViewDependent } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { renameColumnReferences, type RenameContext } from '../../sql/rename-column';
import type { ColumnRenaming } from './rename-in-definition';

/** Statements that make something read the new column, those that make it read the old again, and what is left to do. */
export interface Repointing {
  forward: string[];
  rollback: string[];
  /** What could not be repointed, in sentences. */
  notes: string[];
}

/** CREATE OR REPLACE VIEW for each view that reads the column from the table itself; its output keeps its names. */
export function repointViews(parser: SqlParser, table: TableFacts, renaming: ColumnRenaming): Repointing {
  const result: Repointing = { forward: [], rollback: [], notes: [] };
  for (const view of viewsOf(table, renaming.from)) {
    const renamed = renameColumnReferences(
      parser,
      bareQuery(view.definition),
      { table: table.name, ...renaming },
      renameContext(table, renaming, 'query'),
    );
    if (renamed.ambiguous.length > 0) {
      result.notes.push(
        t(
          'The view {0} could not be repointed by itself ({1}). Replace its query by hand before contract.',
          formatQualifiedName(view.name),
          renamed.ambiguous.join('; '),
        ),
      );
      continue;
    }
    result.forward.push(replaceView(view, renamed.sql));
    result.rollback.unshift(replaceView(view, bareQuery(view.definition)));
  }
  return result;
}

/** Views (not materialized ones) that read the column from the table itself. */
export function viewsOf(table: TableFacts, column: string): ViewDependent[] {
  return dependentsOfColumn(table.dependents, column).views.filter(
    (view) => view.depth === 1 && view.kind === 'view',
  );
}

/** How column references of the table are resolved: only its own columns are known. */
export function renameContext(
  table: TableFacts,
  renaming: ColumnRenaming,
  kind: RenameContext['kind'],
): RenameContext {
  const columns = [...table.columns.map((column) => column.name), renaming.to];
  return {
    kind,
    keepOutputNames: kind === 'query',
    searchPath: [table.name.schema, 'public'],
    columnsOf: (relation) =>
      relation.schema === table.name.schema && relation.name === table.name.name ? columns : null,
  };
}

function replaceView(view: ViewDependent, query: string): string {
  const options = (view.options ?? []).map(viewOption);
  const clause = options.length === 0 ? '' : ` WITH (${options.join(', ')})`;
  return `CREATE OR REPLACE VIEW ${formatQualifiedName(view.name)}${clause} AS\n${query}`;
}

function viewOption(option: string): string {
  const at = option.indexOf('=');
  return at < 0
    ? formatIdentifier(option)
    : `${formatIdentifier(option.slice(0, at))} = ${quoteLiteral(option.slice(at + 1))}`;
}

function bareQuery(definition: string): string {
  return definition.replace(/;\s*$/, '');
}
