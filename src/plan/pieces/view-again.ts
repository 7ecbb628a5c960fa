import type { RebuiltView } from '../../assess/rebuilt-views';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { storageClause } from './materialized-view';
import { rightsAgain } from './rights-again';

/**
 * Statements that make a view as it was, with options, defaults, comments, triggers, rules and rights. `instead`: with another
 * query, whose columns these are.
 */
export function viewAgain(
  view: RebuiltView,
  instead?: { query: string; columns: readonly string[] },
): string[] {
  const name = formatQualifiedName(view.name);
  const isThere = (column: string): boolean => instead === undefined || instead.columns.includes(column);
  const { rights } = view;
  return [
    `CREATE VIEW ${name}${storageClause(view.options)} AS\n${instead?.query ?? view.definition}`,
    ...(view.comment === null ? [] : [`COMMENT ON VIEW ${name} IS ${quoteLiteral(view.comment)}`]),
    ...view.columns.filter((column) => isThere(column.name)).flatMap((column) => columnAgain(name, column)),
    ...view.attached.flatMap(({ kind, name: own, definition, comment }) => [
      definition,
      ...(comment === null
        ? []
        : [
            `COMMENT ON ${kind.toUpperCase()} ${formatIdentifier(own)} ON ${name} IS ${quoteLiteral(comment)}`,
          ]),
    ]),
    ...rightsAgain(`VIEW ${name}`, {
      ...rights,
      privileges: rights.privileges.filter(({ column }) => column === null || isThere(column)),
    }),
  ];
}

function columnAgain(view: string, column: RebuiltView['columns'][number]): string[] {
  const name = formatIdentifier(column.name);
  return [
    ...(column.default === null
      ? []
      : [`ALTER VIEW ${view} ALTER COLUMN ${name} SET DEFAULT ${column.default}`]),
    ...(column.comment === null
      ? []
      : [`COMMENT ON COLUMN ${view}.${name} IS ${quoteLiteral(column.comment)}`]),
  ];
}
