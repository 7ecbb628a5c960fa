import { formatQualifiedName, quoteIdentifier, quoteLiteral, type QualifiedName } from '../../sql/identifier';

/** Statements as one script: each ends with a semicolon, one blank line between them, a final newline. */
export function sqlScript(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('\n');
}

/** A statement with the comment that tells the lint why a rule's finding on it is meant. */
export function silenced(rule: string, why: string, statement: string): string {
  // A name in it may hold a line break, which would end the comment.
  return `-- switchback:ignore ${rule} ${why.replace(/\s+/g, ' ')}\n${statement}`;
}

/** `to_regclass('schema.name')`: null instead of an error where there is no such relation. */
export function regclass(table: QualifiedName): string {
  return `to_regclass(${quoteLiteral(formatQualifiedName(table))})`;
}

/** SQL that is true where the table has the column. */
export function columnExists(table: QualifiedName, column: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table)} ` +
    `AND attname = ${quoteLiteral(column)} AND attnum > 0 AND NOT attisdropped)`
  );
}

/** SQL that is true where the table, or each listed table, has an enabled trigger of that name. */
export function triggerExists(tables: readonly QualifiedName[], trigger: string): string {
  if (tables.length === 0) return 'true';
  const relations = tables.map((table) => regclass(table)).join(', ');
  return (
    `(SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid IN (${relations}) ` +
    `AND tgname = ${quoteLiteral(trigger)} AND tgenabled <> 'D') = ${tables.length}`
  );
}

/** SQL that is true where the table has the constraint, validated or not. */
export function constraintExists(table: QualifiedName, name: string, validated: boolean): string {
  const condition = validated ? ' AND convalidated' : '';
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = ${regclass(table)} ` +
    `AND conname = ${quoteLiteral(name)}${condition})`
  );
}

/** SQL that is true where the column is NOT NULL. */
export function columnIsNotNull(table: QualifiedName, column: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table)} ` +
    `AND attname = ${quoteLiteral(column)} AND attnum > 0 AND NOT attisdropped AND attnotnull)`
  );
}

/** SQL that is true where the column is of a type as the server spells it, with the schema of one that is the user's. */
export function columnTypeIs(table: QualifiedName, column: string, type: string): string {
  const [, schema, name] = /^("(?:[^"]|"")+"|[^".( ]+)\.(.+)$/s.exec(type) ?? [];
  const spelled = 'pg_catalog.format_type(atttypid, atttypmod)';
  // It leaves the schema out where that is on the search_path of who asks.
  const isIt =
    schema === undefined || name === undefined
      ? `${spelled} = ${quoteLiteral(type)}`
      : `${spelled} IN (${quoteLiteral(type)}, ${quoteLiteral(name)}) AND atttypid IN (SELECT y.oid FROM pg_catalog.pg_type y ` +
        `JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace WHERE pg_catalog.quote_ident(n.nspname) = ${quoteLiteral(schema)})`;
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table)} AND attname = ${quoteLiteral(column)} ` +
    `AND NOT attisdropped AND ${isIt})`
  );
}

/** SQL of the column's DEFAULT as the server spells it; NULL where it has none, or where there is no such column. */
export function columnDefault(table: QualifiedName, column: string): string {
  return (
    `(SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ` +
    `ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attrelid = ${regclass(table)} ` +
    `AND a.attname = ${quoteLiteral(column)} AND NOT a.attisdropped)`
  );
}

/** A verification query of one row with `holds`. */
export function holdsQuery(...conditions: string[]): string {
  return `SELECT ${conditions.join('\n   AND ')} AS holds`;
}

/** A verification that holds when each of the checks' queries says so. */
export function allHold(queries: readonly string[]): string {
  return `SELECT bool_and(holds) AS holds FROM (\n${queries.map((sql) => `(SELECT holds FROM (${sql}) AS one)`).join('\nUNION ALL\n')}\n) AS every`;
}

/** Whether an SQL fragment written by PostgreSQL holds this identifier, quoted or not. */
export function mentionsIdentifier(fragment: string, name: string): boolean {
  const words = fragment.match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return words.some((word) => word === name || word === quoteIdentifier(name));
}
