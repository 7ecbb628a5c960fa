import type { ColumnFacts } from '../../catalog/table-facts';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';

/** Rows and the row of another table that they refer to, which has the same columns. */
export interface MovedRows {
  table: QualifiedName;
  target: QualifiedName;
  /** The columns of the foreign key, and those it refers to in the same order. */
  fromKey: readonly string[];
  toKey: readonly string[];
  columns: readonly ColumnFacts[];
  /** What keeps the rows of the table apart. */
  uniqueKeys: readonly (readonly string[])[];
  /** Whether at most one row refers to each. */
  single: boolean;
  /** Whether the other table makes and takes away rows, too. */
  whole: boolean;
}

/**
 * A row that is made without values gets those that are known of the row it refers to. That one is locked as who writes
 * it does it: two that share it first, and write it then, could not get on.
 */
export function takeBody(rows: MovedRows): string {
  const { table, single, uniqueKeys } = rows;
  const relation = formatQualifiedName(table);
  const present = uniqueKeys.map((key) => `(${isRow('switchback_row', key, 'NEW', key)})`).join(' OR ');
  const lock = `PERFORM 1 FROM ${formatQualifiedName(rows.target)} AS switchback_whole\n   WHERE ${isTarget(rows, 'NEW')} FOR NO KEY UPDATE;`;
  // An upsert brings values for a row that is there, or comes to be there while it waits.
  const upsert =
    present === ''
      ? ''
      : `  IF EXISTS (SELECT FROM ${relation} AS switchback_row WHERE ${present}) THEN\n    RETURN NEW;\n  END IF;\n`;
  const fromTarget = `${selectInto(rows, 'switchback_whole')}
    FROM ${formatQualifiedName(rows.target)} AS switchback_whole WHERE ${isTarget(rows, 'NEW')}`;
  if (single)
    return `DECLARE\n  switchback_known record;\nBEGIN\n${upsert}  ${lock}\n${upsert}  ${fromTarget};\n${takeKnown(rows)}  RETURN NEW;\nEND`;
  const fromSibling = `${selectInto(rows, 'switchback_row')}
    FROM ${relation} AS switchback_row WHERE ${isHolder(rows, 'NEW', rows.fromKey)} LIMIT 1`;
  return `DECLARE
  switchback_known record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NOT (${imageDiffers(of('NEW', rows.fromKey), of('OLD', rows.fromKey))})
      OR ${imageDiffers(values('NEW', rows), values('OLD', rows))} THEN
      RETURN NEW;
    END IF;
    ${lock}
    ${fromSibling};
    IF NOT FOUND THEN
      ${fromTarget} AND NOT (${areNull('switchback_whole', rows)});
    END IF;
    IF FOUND THEN
${assign(rows, '      ')}    END IF;
    RETURN NEW;
  END IF;
${upsert}  ${lock}
${upsert}  ${fromSibling};
  IF FOUND THEN
${rows.columns.map((column) => `    IF ${isOmitted('NEW', column)} THEN ${assignment(column)} END IF;\n`).join('')}    RETURN NEW;
  END IF;
  ${fromTarget};
${takeKnown(rows)}  RETURN NEW;
END`;
}

/** A row that is written, and what refers to the same one, get its values; without it nothing is known of them. */
export function carryBody(rows: MovedRows): string {
  const [relation, target] = [formatQualifiedName(rows.table), formatQualifiedName(rows.target)];
  const all = [...rows.fromKey, ...namesOf(rows)];
  const clear = `UPDATE ${target} AS switchback_whole SET ${rows.columns.map(({ name }) => `${quoteIdentifier(name)} = NULL`).join(', ')}`;
  const lock = (row: string): string =>
    `PERFORM 1 FROM ${target} AS switchback_whole WHERE ${isTarget(rows, row)} FOR NO KEY UPDATE;`;
  const gone = `  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ${imageDiffers(of('NEW', rows.fromKey), of('OLD', rows.fromKey))}) THEN
    ${lock('OLD')}
    ${clear}
     WHERE ${isTarget(rows, 'OLD')} AND NOT (${areNull('switchback_whole', rows)})
       AND NOT EXISTS (SELECT FROM ${relation} AS switchback_row WHERE ${isHolder(rows, 'OLD', rows.fromKey)});
  END IF;
`;
  const truncated = `  IF TG_OP = 'TRUNCATE' THEN
    ${clear}
     WHERE NOT (${areNull('switchback_whole', rows)});
    RETURN NULL;
  END IF;
`;
  const siblings = `    UPDATE ${relation} AS switchback_row SET ${assignments(rows, 'NEW')}
     WHERE ${isHolder(rows, 'NEW', rows.fromKey)} AND ${imageDiffers(values('switchback_row', rows), values('NEW', rows))};
`;
  return `BEGIN
${rows.single ? truncated : ''}  IF TG_OP = 'UPDATE' AND NOT (${imageDiffers(of('NEW', all), of('OLD', all))}) THEN
    RETURN NULL;
  END IF;
${rows.single ? gone : ''}  IF TG_OP <> 'DELETE' THEN
    ${lock('NEW')}
${rows.single ? '' : siblings}    UPDATE ${target} AS switchback_whole SET ${assignments(rows, 'NEW')}
     WHERE ${isTarget(rows, 'NEW')} AND ${imageDiffers(values('switchback_whole', rows), values('NEW', rows))};
  END IF;
  RETURN NULL;
END`;
}

/** Nothing is carried any more. */
export function idleCarryBody(): string {
  return 'BEGIN\n  RETURN NULL;\nEND';
}

/** A column may still refuse a row that is made without it. */
export function idleTakeBody(rows: MovedRows): string {
  return `DECLARE
  switchback_known record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${selectInto(rows, 'switchback_whole')}
      FROM ${formatQualifiedName(rows.target)} AS switchback_whole WHERE ${isTarget(rows, 'NEW')};
${takeKnown(rows)}  END IF;
  RETURN NEW;
END`;
}

/**
 * A row of the other table gets the values of those that refer to it. It is locked when this runs, and what is read here
 * is as it is then: who writes those rows locks it, too, before that is committed. Where none refers to it any more, the
 * statement may have seen one that did.
 */
export function pullBody(rows: MovedRows): string {
  return `DECLARE
  switchback_known record;
BEGIN
  ${selectInto(rows, 'switchback_row')}
    FROM ${formatQualifiedName(rows.table)} AS switchback_row WHERE ${isHolder(rows, 'OLD', rows.toKey)} LIMIT 1;
  IF FOUND THEN
${assign(rows, '    ')}  ELSE
${rows.columns.map(({ name }) => `    NEW.${quoteIdentifier(name)} := ${rows.single ? 'NULL' : `OLD.${quoteIdentifier(name)}`};\n`).join('')}  END IF;
  RETURN NEW;
END`;
}

/** Rows that refer to a row of the other table get its values; their key follows later, by the foreign key. */
export function pushBody(rows: MovedRows): string {
  const relation = formatQualifiedName(rows.table);
  const differs = imageDiffers(values('switchback_row', rows), values('NEW', rows));
  const update = `UPDATE ${relation} AS switchback_row SET ${assignments(rows, 'NEW')}
     WHERE ${isHolder(rows, 'OLD', rows.toKey)} AND ${differs};`;
  const changed = imageDiffers(values('NEW', rows), values('OLD', rows));
  if (!rows.whole) return `BEGIN\n  IF ${changed} THEN\n    ${update}\n  END IF;\n  RETURN NULL;\nEND`;
  const insert = `INSERT INTO ${relation} (${[...rows.fromKey, ...namesOf(rows)].map((name) => quoteIdentifier(name)).join(', ')})
      VALUES (${[...rows.toKey.map((name) => `NEW.${quoteIdentifier(name)}`), ...rows.columns.map(madeValue)].join(', ')});`;
  const omitted = rows.columns.map((column) => isOmitted('NEW', column)).join(' AND ');
  return `BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT (${omitted}) THEN
      ${insert}
    END IF;
  ELSIF NOT (${changed}) THEN
    RETURN NULL;
  ELSIF ${areNull('NEW', rows)} THEN
    DELETE FROM ${relation} AS switchback_row
     WHERE ${isHolder(rows, 'OLD', rows.toKey)} AND ${differs};
  ELSE
    ${update}
    IF NOT EXISTS (SELECT FROM ${relation} AS switchback_row WHERE ${isHolder(rows, 'OLD', rows.toKey)}) THEN
      ${insert}
    END IF;
  END IF;
  RETURN NULL;
END`;
}

/** What a row that has to have a value is made with. */
function madeValue({ name, notNull, default: value }: ColumnFacts): string {
  const given = `NEW.${quoteIdentifier(name)}`;
  return notNull && value !== null ? `coalesce(${given}, ${value})` : given;
}

/** A row that names no value for a column has its default. */
function isOmitted(row: string, { name, default: value, type }: ColumnFacts): string {
  const given = `${row}.${quoteIdentifier(name)}`;
  if (value === null) return `${given} IS NOT DISTINCT FROM NULL`;
  return `NOT (${imageDiffers(given, `CAST(${value} AS ${type})`)})`;
}

/** That the other table has no value tells nothing: it may never have been given one. */
function takeKnown({ columns }: MovedRows): string {
  return columns
    .map(
      (column) =>
        `  IF ${isOmitted('NEW', column)} AND switchback_known.${quoteIdentifier(column.name)} IS DISTINCT FROM NULL THEN\n` +
        `    ${assignment(column)}\n  END IF;\n`,
    )
    .join('');
}

function assign({ columns }: MovedRows, indent: string): string {
  return columns.map((column) => `${indent}${assignment(column)}\n`).join('');
}

function assignment({ name }: ColumnFacts): string {
  return `NEW.${quoteIdentifier(name)} := switchback_known.${quoteIdentifier(name)};`;
}

function assignments({ columns }: MovedRows, row: string): string {
  return columns.map(({ name }) => `${quoteIdentifier(name)} = ${row}.${quoteIdentifier(name)}`).join(', ');
}

function selectInto(rows: MovedRows, from: string): string {
  return `SELECT ${values(from, rows)} INTO switchback_known`;
}

function areNull(row: string, { columns }: MovedRows): string {
  return columns.map(({ name }) => `${row}.${quoteIdentifier(name)} IS NOT DISTINCT FROM NULL`).join(' AND ');
}

/** The row of the other table that `row` refers to. */
function isTarget({ fromKey, toKey }: MovedRows, row: string): string {
  return isRow('switchback_whole', toKey, row, fromKey);
}

/** Rows of the table whose foreign key has the values of these columns of `row`. */
function isHolder({ fromKey }: MovedRows, row: string, columns: readonly string[]): string {
  return isRow('switchback_row', fromKey, row, columns);
}

function isRow(one: string, key: readonly string[], other: string, columns: readonly string[]): string {
  return key
    .map(
      (column, place) => `${one}.${quoteIdentifier(column)} = ${other}.${quoteIdentifier(columns[place]!)}`,
    )
    .join(' AND ');
}

function namesOf({ columns }: MovedRows): string[] {
  return columns.map(({ name }) => name);
}

function values(row: string, rows: MovedRows): string {
  return of(row, namesOf(rows));
}

function of(row: string, columns: readonly string[]): string {
  return columns.map((column) => `${row}.${quoteIdentifier(column)}`).join(', ');
}
