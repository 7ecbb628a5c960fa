import type { SingleChange } from '../../src/assess/change';
import { together } from '../../src/assess/several-changes';
import { columnExists, columnIsNotNull } from '../../src/plan/pieces/sql-text';
import type { QualifiedName } from '../../src/sql/identifier';
import { sql, type NamedCase } from './recipe-case';

function indexOn(table: QualifiedName, column: string): SingleChange {
  return {
    kind: 'add-index',
    table,
    columns: [column],
    expression: null,
    name: null,
    unique: false,
    method: 'btree',
    where: null,
    include: [],
  };
}

function hasIndex(table: QualifiedName, column: string): string {
  return sql`SELECT count(*) = 1 AS holds FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = ${{ literal: sql`${table}` }}::regclass AND a.attname = ${{ literal: column }} AND i.indisvalid`;
}

/** Cases of plans whose changes need what others of them make. */
export const severalInTurnCases: NamedCase[] = [
  {
    title: 'several: a table is made, and an old one gets a column that refers to it, with an index',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const made = { schema, name: fresh };
      const written = (round: number): string[] => [
        sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 'w')`,
        sql`UPDATE ${table} SET ${second} = 'x' WHERE id = ${round}`,
      ];
      const read = sql`SELECT id, ${second} FROM ${table} ORDER BY id`;
      return {
        // What needs something comes before what makes it: the order is found.
        change: together([
          indexOn(table, column),
          {
            kind: 'add-foreign-key',
            table,
            columns: [column],
            references: made,
            toColumns: null,
            name: null,
            onDelete: 'restrict',
            onUpdate: 'no action',
          },
          { kind: 'add-column', table, column, type: 'bigint', source: { by: 'writer' } },
          {
            kind: 'create-table',
            table: made,
            definition: sql`id bigint PRIMARY KEY, ${second} text`,
            partitionBy: null,
            more: null,
          },
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${second} text);
          INSERT INTO ${table} SELECT i, 'v' || i FROM generate_series(1, 60) i`,
        versions: [
          { writes: written, reads: [read] },
          {
            writes: (round) => [
              sql`INSERT INTO ${made} VALUES (${round}, 'kind')`,
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${round})`,
            ],
            reads: [read, sql`SELECT t.id FROM ${table} t JOIN ${made} m ON m.id = t.${column} ORDER BY 1`],
          },
        ],
        untouched: sql`SELECT id, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE conrelid = ${{ literal: sql`${table}` }}::regclass AND contype = 'f' AND convalidated`,
          hasIndex(table, column),
        ],
      };
    },
  },
  {
    title:
      'several: a required column with a rule of its own and an index, after a column of other meaning goes',
    build: (names) => {
      const { table, column, second, fresh } = names;
      const kept = [sql`SELECT id FROM ${table} ORDER BY id`];
      return {
        change: together([
          {
            kind: 'add-required-column',
            table,
            column: fresh,
            type: 'int',
            fill: { by: 'default', expression: '7' },
            keepDefault: true,
          },
          { kind: 'add-check', table, expression: sql`${fresh} > 0`, name: null },
          indexOn(table, fresh),
          { kind: 'drop-column', table, column, backup: false, value: null },
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          INSERT INTO ${table} SELECT i, i, 'v' || i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 3)`],
            reads: [sql`SELECT id, ${column} FROM ${table} WHERE id <= 60 ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}, ${fresh}) VALUES (${round}, 3, 4)`,
              sql`UPDATE ${table} SET ${fresh} = 5 WHERE id = ${round}`,
            ],
            reads: kept,
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, 4)`],
            reads: kept,
          },
        ],
        untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          `SELECT ${columnIsNotNull(table, fresh)} AND NOT ${columnExists(table, column)} AS holds`,
          sql`SELECT count(*) = 1 AS holds FROM pg_constraint WHERE conrelid = ${{ literal: sql`${table}` }}::regclass AND contype = 'c' AND convalidated`,
        ],
      };
    },
  },
  {
    title: 'several: a renamed column gets an index under its new name',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: together([{ kind: 'rename-column', table, from: column, to: fresh }, indexOn(table, fresh)]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text NOT NULL DEFAULT 'd', ${second} int);
          INSERT INTO ${table} SELECT i, 'v' || i, i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'old')`,
              sql`UPDATE ${table} SET ${column} = 'older' WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${column}, ${second} FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${fresh}) VALUES (${round}, 'new')`,
              sql`UPDATE ${table} SET ${fresh} = 'newer' WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${fresh}, ${second} FROM ${table} ORDER BY id`],
          },
        ],
        agree: sql`SELECT NOT EXISTS (SELECT FROM ${table} WHERE ${column} IS DISTINCT FROM ${fresh}) AS holds`,
        untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [hasIndex(table, fresh), `SELECT NOT ${columnExists(table, column)} AS holds`],
      };
    },
  },
];
