import { columnDefault } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of add-column. */
export const addColumnCases: NamedCase[] = [
  {
    title: 'add-column: without a default',
    build: (names) => ({
      ...addition(names, written(names, "'new'")),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'text',
        source: { by: 'writer' },
      },
      commandLine: { column: 'fresh', type: 'text' },
      done: [sql`SELECT bool_and(${names.fresh} IS NULL) AS holds FROM ${names.table} WHERE id <= 60`],
    }),
  },
  {
    title: 'add-column: a constant default, on a table without a key',
    build: (names) => ({
      ...addition(names, written(names, '2')),
      schema: tableOf(names).replace(' PRIMARY KEY', ''),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'numeric(12,2)',
        source: { by: 'default', expression: '1 + 1' },
      },
      commandLine: { column: 'fresh', type: 'numeric(12,2)', default: '1 + 1' },
      done: [sql`SELECT bool_and(${names.fresh} = 2) AS holds FROM ${names.table}`],
    }),
  },
  {
    title: 'add-column: a volatile default, on partitions below partitions',
    build: (names) => ({
      ...addition(names, written(names, '0.5')),
      schema: partitionsOf(names),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'double precision',
        source: { by: 'default', expression: 'random()' },
      },
      done: [
        sql`SELECT bool_and(${names.fresh} IS NULL) AS holds FROM ${names.table} WHERE id <= 60`,
        `SELECT ${columnDefault(names.table, names.fresh)} = 'random()' AS holds`,
      ],
    }),
  },
  {
    title: 'add-column: generated and stored, on a small table',
    build: (names) => ({
      ...addition(names, []),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'int',
        source: { by: 'generated', expression: sql`${names.second} * 2`, virtual: false },
      },
      done: [sql`SELECT bool_and(${names.fresh} = ${names.second} * 2) AS holds FROM ${names.table}`],
    }),
  },
  {
    title: 'add-column: generated and virtual, on a partitioned table',
    since: 18,
    build: (names) => ({
      ...addition(names, []),
      schema: partitionsOf(names),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'int',
        source: { by: 'generated', expression: sql`${names.second} + 1`, virtual: true },
      },
      commandLine: { column: 'fresh', type: 'int', generated: '"note" + 1', virtual: true },
      done: [sql`SELECT bool_and(${names.fresh} = ${names.second} + 1) AS holds FROM ${names.table}`],
    }),
  },
  {
    title: 'add-column: numbered by the server, on a small table',
    build: (names) => ({
      ...addition(names, [plainVersion(names, 500_000_000)]),
      change: {
        kind: 'add-column',
        table: names.table,
        column: names.fresh,
        type: 'bigint',
        source: { by: 'identity' },
      },
      commandLine: { column: 'fresh', type: 'bigint', identity: true },
      done: [sql`SELECT count(DISTINCT ${names.fresh}) = count(*) AS holds FROM ${names.table}`],
    }),
  },
];

function tableOf({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text NOT NULL DEFAULT '', ${second} int);
    INSERT INTO ${table} (id, ${second}) SELECT i, i FROM generate_series(1, 60) i`;
}

function partitionsOf({ schema, table, other, column, second }: CaseNames): string {
  const inner = { schema, name: 'inner leaf' };
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text NOT NULL DEFAULT '', ${second} int) PARTITION BY RANGE (id);
    CREATE TABLE ${other} PARTITION OF ${table} DEFAULT PARTITION BY RANGE (id);
    CREATE TABLE ${inner} PARTITION OF ${other} DEFAULT;
    INSERT INTO ${table} (id, ${second}) SELECT i, i FROM generate_series(1, 60) i`;
}

function plainVersion({ table, column, second }: CaseNames, from = 0): RecipeCase['versions'][0] {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${second}) VALUES (${from + round}, 1)`,
      sql`UPDATE ${table} SET ${column} = 'x' WHERE id = ${from + round}`,
    ],
    reads: [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`],
  };
}

function written(names: CaseNames, value: string): RecipeCase['versions'] {
  const { table, second, fresh } = names;
  return [
    {
      writes: (round) => [
        sql`INSERT INTO ${table} (id, ${second}, ${fresh}) VALUES (${500_000_000 + round}, 1, ` + `${value})`,
      ],
      reads: [sql`SELECT id, ${fresh} FROM ${table} ORDER BY id`],
    },
  ];
}

function addition(
  names: CaseNames,
  newer: RecipeCase['versions'],
): Pick<RecipeCase, 'schema' | 'versions' | 'untouched'> {
  return {
    schema: tableOf(names),
    versions: [plainVersion(names), ...newer],
    untouched: sql`SELECT id, ${names.column}, ${names.second} FROM ${names.table} WHERE id <= 60 ORDER BY id`,
  };
}
