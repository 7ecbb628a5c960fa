import type { SingleChange } from '../../src/assess/change';
import { together } from '../../src/assess/several-changes';
import { columnDefault, columnExists, columnIsNotNull } from '../../src/plan/pieces/sql-text';
import { sql, type CaseNames, type NamedCase } from './recipe-case';

function indexOn({ other }: CaseNames, column: string): SingleChange {
  return {
    kind: 'add-index',
    table: other,
    columns: [column],
    expression: null,
    name: null,
    unique: false,
    method: 'btree',
    where: null,
    include: [],
  };
}

/** Cases of plans that make several changes. */
export const severalCases: NamedCase[] = [
  {
    title: 'several: a column goes, and another table gets an index',
    build: (names) => {
      const { table, other, column, second } = names;
      const without = [
        sql`SELECT id, ${second} FROM ${table} ORDER BY id`,
        sql`SELECT count(*) FROM ${other} WHERE ${second} = 3`,
      ];
      const written = (round: number): string[] => [
        sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 1)`,
        sql`INSERT INTO ${other} VALUES (${round}, 3)`,
      ];
      return {
        change: together([
          { kind: 'drop-column', table, column, backup: false, value: null },
          indexOn(names, second),
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} int);
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN i END, i FROM generate_series(1, 60) i;
          CREATE TABLE ${other} (id int PRIMARY KEY, ${second} int);
          INSERT INTO ${other} SELECT i, i % 7 FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: written,
            reads: [sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`],
          },
          { writes: written, reads: without },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`,
              sql`INSERT INTO ${other} VALUES (${round}, 3)`,
            ],
            reads: without,
          },
        ],
        untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          `SELECT NOT ${columnExists(table, column)} AS holds`,
          sql`SELECT count(*) = 2 AS holds FROM pg_index WHERE indrelid = ${{ literal: sql`${other}` }}::regclass AND indisvalid`,
        ],
      };
    },
  },
  {
    title: 'several: of one table a column is renamed, one becomes required and one loses its default',
    build: (names) => {
      const { table, column, second, fresh } = names;
      const third = 'third of it';
      return {
        change: together([
          { kind: 'rename-column', table, from: column, to: fresh },
          { kind: 'set-not-null', table, column: second, value: null },
          { kind: 'drop-default', table, column: third },
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text NOT NULL DEFAULT 'd', ${second} int DEFAULT 3, ${third} int DEFAULT 5);
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} (id, ${column}) SELECT i, 'v' || i FROM generate_series(1, 60) i`,
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
              sql`INSERT INTO ${table} (id, ${fresh}, ${second}, ${third}) VALUES (${round}, 'new', 1, 5)`,
              sql`UPDATE ${table} SET ${fresh} = 'newer' WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id, ${fresh}, ${second} FROM ${table} ORDER BY id`],
          },
        ],
        agree: sql`SELECT NOT EXISTS (SELECT FROM ${table} WHERE ${column} IS DISTINCT FROM ${fresh}) AS holds`,
        untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          `SELECT NOT ${columnExists(table, column)} AND ${columnIsNotNull(table, second)} AND ${columnDefault(table, third)} IS NULL AS holds`,
        ],
      };
    },
  },
  {
    title: 'several: two tables, a type beside the old one and a column that is filled',
    build: (names) => {
      const { table, other, column, second, fresh } = names;
      const writes = (round: number): string[] => [
        sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, '4')`,
        sql`UPDATE ${table} SET ${column} = '5' WHERE id = ${round}`,
      ];
      const reads = [sql`SELECT id FROM ${table} WHERE ${column} = '5' ORDER BY id`];
      return {
        change: together([
          { kind: 'change-column-type', table, column, type: 'bigint', using: null, back: null },
          {
            kind: 'add-required-column',
            table: other,
            column: fresh,
            type: 'text',
            fill: { by: 'default', expression: "'n'" },
            keepDefault: false,
          },
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int NOT NULL, ${second} text);
          INSERT INTO ${table} SELECT i, i FROM generate_series(1, 60) i;
          CREATE TABLE ${other} (id int PRIMARY KEY, ${second} int);
          INSERT INTO ${other} SELECT i, i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [...writes(round), sql`INSERT INTO ${other} VALUES (${round}, 1)`],
            reads: [...reads, sql`SELECT id, ${second} FROM ${other} ORDER BY id`],
          },
          {
            writes: (round) => [
              ...writes(round),
              sql`INSERT INTO ${other} (id, ${second}, ${fresh}) VALUES (${round}, 1, 'w')`,
            ],
            reads: [...reads, sql`SELECT id, ${fresh} FROM ${other} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT t.id, t.${column}, o.${second} FROM ${table} t JOIN ${other} o ON o.id = t.id WHERE t.id <= 60 ORDER BY t.id`,
        done: [
          sql`SELECT a.atttypid = 'int8'::regtype AS holds FROM pg_attribute a WHERE a.attrelid = ${{ literal: sql`${table}` }}::regclass AND a.attname = ${{ literal: column }}`,
          `SELECT ${columnIsNotNull(other, fresh)} AS holds`,
        ],
      };
    },
  },
  {
    title: 'several: an index takes the place of another one',
    build: (names) => {
      const { table, column, second, fresh } = names;
      const version = {
        writes: (round: number): string[] => [
          sql`INSERT INTO ${table} VALUES (${round}, 7, 1)`,
          sql`UPDATE ${table} SET ${column} = 8 WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${second} FROM ${table} WHERE ${column} = 7 ORDER BY id`],
      };
      return {
        change: together([
          { kind: 'drop-index', table, index: fresh },
          {
            kind: 'add-index',
            table,
            columns: [column],
            expression: null,
            name: null,
            unique: false,
            method: 'btree',
            where: null,
            include: [second],
          },
        ]),
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} int);
          CREATE INDEX ${fresh} ON ${table} (${column});
          INSERT INTO ${table} SELECT i, i % 9, i FROM generate_series(1, 60) i`,
        versions: [version],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT count(*) = 1 AS holds FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = ${{ literal: sql`${table}` }}::regclass AND a.attname = ${{ literal: column }} AND i.indnatts = 2 AND i.indisvalid`,
        ],
      };
    },
  },
];
