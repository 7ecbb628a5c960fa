import type { Assessment } from '../../assess/assessment';
import { quoteIdentifier, type QualifiedName } from '../../sql/identifier';

/**
 * The command that keeps a table with its rows in a file, for a shell.
 * https://www.postgresql.org/docs/current/app-pgdump.html
 */
export function dumpCommand({ table, partitions = [], database, server }: Assessment): string {
  // The option that takes partitions along came with 16.
  const whole = server.major >= 16 && partitions.length > 0;
  const tables = whole ? [table.name] : [table.name, ...partitions.map(({ name }) => name)];
  const option = whole ? '--table-and-children' : '--table';
  const file = `${table.name.name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '_')}.dump`;
  const named = tables.map((name) => `${option}=${inShell(patternOf(name))}`).join(' ');
  return `pg_dump --format=custom --file=${file} ${named} ${inShell(database.name)}`;
}

/** The command that brings it back. */
export function restoreCommand({ table, database }: Assessment): string {
  const file = `${table.name.name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '_')}.dump`;
  return `pg_restore --dbname=${inShell(database.name)} ${file}`;
}

/** In quotes a name is no pattern. */
function patternOf({ schema, name }: QualifiedName): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function inShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
