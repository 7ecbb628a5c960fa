import { addColumnCases } from './column-add-cases';
import { columnPartitionCases } from './column-partition-cases';
import { columnTypeCases } from './column-type-cases';
import { setNotNullCases } from './column-required-cases';
import { dropNotNullCases } from './column-optional-cases';
import { dropColumnCases } from './column-drop-cases';
import { dropDefaultCases } from './column-default-cases';
import { splitColumnCases } from './column-split-cases';
import { mergeColumnsCases } from './column-merge-cases';
import { hashColumnCases } from './column-hash-cases';
import { moveColumnCases } from './column-move-cases';
import { renameViewCases } from './column-rename-view-cases';
import { widenKeyCases } from './column-widen-key-cases';
import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipes for columns. */
export const columnCases: NamedCase[] = [
  ...columnTypeCases,
  {
    title: 'set-default: where there was none',
    build: ({ table, column, second }) => ({
      change: { kind: 'set-default', table, column, expression: "'n''ew'" },
      commandLine: { column: 'amount', expression: "'n''ew'" },
      schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
        INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i END, i FROM generate_series(1, 60) i`,
      versions: [
        {
          writes: (round) => [
            sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`,
            sql`UPDATE ${table} SET ${column} = 'x' WHERE id = ${round}`,
          ],
          reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id`],
        },
      ],
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v = 'n''ew' AS holds FROM r`,
      ],
    }),
  },
  {
    title: 'set-default: another one, on a partitioned table',
    build: ({ table, column, second, other }) => ({
      change: { kind: 'set-default', table, column, expression: "now() - interval '1 day'" },
      schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} timestamptz DEFAULT '2020-01-01', ${second} int) PARTITION BY RANGE (id);
        CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
        INSERT INTO ${table} (id, ${second}) SELECT i, i FROM generate_series(1, 60) i`,
      versions: [
        {
          writes: (round) => [sql`INSERT INTO ${table} (id, ${second}) VALUES (${round}, 1)`],
          reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id`],
        },
      ],
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [
        sql`WITH r AS (INSERT INTO ${table} (id) VALUES (0) RETURNING ${column} AS v) SELECT v > '2021-01-01' AS holds FROM r`,
      ],
    }),
  },
  ...dropDefaultCases,
  ...setNotNullCases,
  ...dropNotNullCases,
  ...dropColumnCases,
  ...addColumnCases,
  ...splitColumnCases,
  ...mergeColumnsCases,
  ...hashColumnCases,
  ...moveColumnCases,
  ...renameViewCases,
  ...columnPartitionCases,
  ...widenKeyCases,
];
