import type { TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { CodeSample } from '../plan';

/** An example of application code, in TypeScript with node-postgres; each part is a list of statements. */
export function typeScriptSample(before: readonly string[], after: readonly string[]): CodeSample {
  return { language: 'ts', before: before.join('\n'), after: after.join('\n') };
}

/** INSERT of one row: what every row needs, then `columns`, which all get `value`. */
export function insertCall(table: TableFacts, columns: readonly string[], omitted: string): string {
  const required = table.columns
    .filter((each) => each.notNull && each.default === null && each.identity === null)
    .filter((each) => each.generated === null && each.name !== omitted && !columns.includes(each.name))
    .map((each) => each.name);
  const values = required.map(rowValue);
  const parameters = required.map((_, index) => `$${index + 1}`);
  if (columns.length > 0) values.push('value');
  const given = [...parameters, ...columns.map(() => `$${values.length}`)];
  const names = [...required, ...columns];
  if (names.length === 0)
    return queryCall(`INSERT INTO ${formatQualifiedName(table.name)} DEFAULT VALUES`, []);
  return queryCall(
    `INSERT INTO ${formatQualifiedName(table.name)} (${nameList(names)}) VALUES (${given.join(', ')})`,
    values,
  );
}

/** UPDATE of one row that sets every one of `columns` to `value`; null where no column tells rows apart. */
export function updateCall(
  table: TableFacts,
  columns: readonly string[],
  key: readonly string[],
): string | null {
  if (key.length === 0) return null;
  const set = columns.map((column) => `${formatIdentifier(column)} = $1`).join(', ');
  return queryCall(`UPDATE ${formatQualifiedName(table.name)} SET ${set} WHERE ${keyCondition(key, 2)}`, [
    'value',
    ...key.map(rowValue),
  ]);
}

/** SELECT of one row's column. */
export function selectCall(table: QualifiedName, column: string, key: readonly string[]): string {
  const where = key.length === 0 ? '' : ` WHERE ${keyCondition(key, 1)}`;
  const sql = `SELECT ${formatIdentifier(column)} FROM ${formatQualifiedName(table)}${where}`;
  return `const { rows } = ${queryCall(sql, key.map(rowValue))}\nreturn rows.map((found) => ${property('found', column)});`;
}

/** The columns by which a sample finds a row, without the one given: the primary key, or another unique one. */
export function sampleKey(table: TableFacts, without: string): string[] {
  const keys = table.primaryKey === null ? table.uniqueKeys : [table.primaryKey, ...table.uniqueKeys];
  return keys.find((key) => !key.includes(without)) ?? [];
}

function nameList(names: readonly string[]): string {
  return names.map((name) => formatIdentifier(name)).join(', ');
}

function keyCondition(key: readonly string[], first: number): string {
  return key.map((column, index) => `${formatIdentifier(column)} = $${first + index}`).join(' AND ');
}

function queryCall(sql: string, values: readonly string[]): string {
  const escaped = sql.replace(/[\\`]|\$\{/g, (found) => `\\${found}`);
  const list = values.length === 0 ? '' : `\n  [${values.join(', ')}],`;
  return `await client.query(\n  \`${escaped}\`,${list}\n);`;
}

function rowValue(column: string): string {
  return property('row', column);
}

function property(of: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`;
}
