import type { ColumnSettings } from '../../assess/copied-column';
import type { ColumnFacts, PublicationFacts, TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';

/**
 * ADD COLUMN and what belongs to a column itself: type, collation, comment, statistics target, grants. No default, which
 * for a domain that has one has to be said: it would fill the rows that are there, and those of who does not know the column.
 */
export function createColumnCopy(table: TableFacts, original: ColumnFacts, name: string): string[] {
  const relation = formatQualifiedName(table.name);
  const column = formatIdentifier(name);
  const collation = original.collation === null ? '' : ` COLLATE ${original.collation}`;
  const empty = original.domainDefault === undefined ? '' : ' DEFAULT NULL';
  const statements = [`ALTER TABLE ${relation} ADD COLUMN ${column} ${original.type}${collation}${empty}`];
  if (original.statisticsTarget !== null && original.statisticsTarget >= 0) {
    statements.push(
      `ALTER TABLE ${relation} ALTER COLUMN ${column} SET STATISTICS ${original.statisticsTarget}`,
    );
  }
  if (original.comment !== null) {
    statements.push(`COMMENT ON COLUMN ${relation}.${column} IS ${quoteLiteral(original.comment)}`);
  }
  return [...statements, ...columnGrants(table, original.name, name)];
}

/** How values are stored and counted, as of the column that it stands for. */
export function columnSettings(
  table: TableFacts,
  { storage, compression, options }: ColumnSettings,
  name: string,
): string[] {
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${formatIdentifier(name)}`;
  return [
    ...(storage === null ? [] : [`${alter} SET STORAGE ${storage}`]),
    ...(compression === null ? [] : [`${alter} SET COMPRESSION ${compression}`]),
    ...(options.length === 0 ? [] : [`${alter} SET (${options.join(', ')})`]),
  ];
}

/** The row of ALTER PUBLICATION statements that publish other columns of the table. */
export function setPublishedColumns(
  table: TableFacts,
  publication: PublicationFacts,
  columns: readonly string[],
): string[] {
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(publication.name);
  const list = columns.map((column) => formatIdentifier(column)).join(', ');
  const filter = publication.rowFilter === null ? '' : ` WHERE (${publication.rowFilter})`;
  return [
    `ALTER PUBLICATION ${name} DROP TABLE ONLY ${relation}`,
    `ALTER PUBLICATION ${name} ADD TABLE ${table.kind === 'partitioned-table' ? '' : 'ONLY '}${relation} (${list})${filter}`,
  ];
}

/** Publications that list the columns they publish, this one among them. */
export function publicationsListing(table: TableFacts, column: string): PublicationFacts[] {
  return table.publications.filter((publication) => publication.columns?.includes(column) === true);
}

function columnGrants(table: TableFacts, from: string, to: string): string[] {
  return table.privileges
    .filter((privilege) => privilege.column === from)
    .map((privilege) => {
      const grantee =
        privilege.grantee.toUpperCase() === 'PUBLIC' ? 'PUBLIC' : formatIdentifier(privilege.grantee);
      const option = privilege.grantable ? ' WITH GRANT OPTION' : '';
      return (
        `GRANT ${privilege.privilege} (${formatIdentifier(to)}) ON TABLE ${formatQualifiedName(table.name)} ` +
        `TO ${grantee}${option}`
      );
    });
}
