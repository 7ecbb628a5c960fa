import type { IndexPart } from '../../assess/change-facts';
import { assignments } from '../../assess/materialized-view-settings';
import type { ReplacedMaterializedView } from '../../assess/replaced-materialized-view';
import type { TableFacts } from '../../catalog/table-facts';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { inTablespace, restorePart } from './index-parts';
import { rightsAgain } from './rights-again';

export interface MadeMaterializedView {
  name: QualifiedName;
  query: string;
  /** Columns that the query gives. */
  columns: readonly string[];
  /** What its indexes are called, in the order of the ones there are. */
  indexNames: readonly string[];
  /** What it is made like. */
  like: ReplacedMaterializedView;
  table: TableFacts;
  /** Columns that have another type than before. */
  retyped: readonly string[];
}

/**
 * Statements that make an empty materialized view with options, rights, comments and indexes of another; nothing is built, as
 * there are no rows. https://www.postgresql.org/docs/current/sql-creatematerializedview.html
 */
export function makeMaterializedView(made: MadeMaterializedView): string[] {
  const { name, query, like, table } = made;
  const target = `MATERIALIZED VIEW ${formatQualifiedName(name)}`;
  const method = like.method === null ? '' : ` USING ${formatIdentifier(like.method)}`;
  const tablespace = like.tablespace === null ? '' : ` TABLESPACE ${formatIdentifier(like.tablespace)}`;
  const { comment } = table;
  return [
    `CREATE ${target}${method}${storageClause(table.storageParameters)}${tablespace} AS\n${query}\nWITH NO DATA`,
    ...(comment === null ? [] : [`COMMENT ON ${target} IS ${quoteLiteral(comment)}`]),
    ...columnsAgain(made),
    ...settingsAgain(made),
    ...like.indexes.flatMap((index, place) => makeIndex(index, name, made.indexNames[place]!)),
    ...rightsAgain(target, {
      ...like.rights,
      privileges: like.rights.privileges.filter(
        ({ column }) => column === null || made.columns.includes(column),
      ),
    }),
  ];
}

/** WITH (...) of storage parameters as the catalog has them: `fillfactor=70`. */
export function storageClause(parameters: readonly string[]): string {
  if (parameters.length === 0) return '';
  return ` WITH (${assignments(parameters, '')})`;
}

function columnsAgain({ name, columns, table }: MadeMaterializedView): string[] {
  const view = formatQualifiedName(name);
  return table.columns
    .filter((column) => columns.includes(column.name))
    .flatMap(({ name: column, comment, statisticsTarget }) => [
      ...(comment === null
        ? []
        : [`COMMENT ON COLUMN ${view}.${formatIdentifier(column)} IS ${quoteLiteral(comment)}`]),
      ...(statisticsTarget === null || statisticsTarget < 0
        ? []
        : [
            `ALTER MATERIALIZED VIEW ${view} ALTER COLUMN ${formatIdentifier(column)} SET STATISTICS ${statisticsTarget}`,
          ]),
    ]);
}

/** A storage and a compression go with the type; other settings of a column with its name. */
function settingsAgain({ name, columns, retyped, like: { settings } }: MadeMaterializedView): string[] {
  const alter = `ALTER MATERIALIZED VIEW ${formatQualifiedName(name)}`;
  return [
    ...settings.columns
      .filter(({ column, ofType }) => columns.includes(column) && !(ofType && retyped.includes(column)))
      .map(({ column, clause }) => `${alter} ALTER COLUMN ${formatIdentifier(column)} ${clause}`),
    ...(settings.toast.length === 0 ? [] : [`${alter} SET (${assignments(settings.toast, 'toast.')})`]),
  ];
}

const word = `(?:"(?:[^"]|"")*"|[^\\s".]+)`;
const indexHead = new RegExp(`^(CREATE (?:UNIQUE )?INDEX )${word} ON ${word}\\.${word}`);

function makeIndex(index: IndexPart, on: QualifiedName, name: string): string[] {
  const statement = index.definition.replace(
    indexHead,
    (_, head: string) => `${head}${formatIdentifier(name)} ON ${formatQualifiedName(on)}`,
  );
  const part = { ...index, name: { schema: on.schema, name }, table: on };
  return [
    ...inTablespace(index, statement),
    ...restorePart(part).map((each) => each.replace(/^ALTER TABLE /, 'ALTER MATERIALIZED VIEW ')),
  ];
}
