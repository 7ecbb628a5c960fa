import { constraintCount, nestedPartitions } from './constraint-tables';
import { sql, type NamedCase } from './recipe-case';

/** Cases of the recipe that adds a check. */
export const addCheckCases: NamedCase[] = [
  {
    title: 'add-check: where the version before breaks it for a moment',
    build: ({ table, column, second, fresh }) => ({
      change: {
        kind: 'add-check',
        table,
        expression: sql`${column} > 0 AND ${second} <> ''`,
        name: fresh,
      },
      commandLine: { expression: `"amount" > 0 AND "note" <> ''`, name: 'fresh' },
      schema: sql`CREATE TABLE ${table} (id int, ${column} int CHECK (${column} < 1000), ${second} text);
        INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN i END, CASE WHEN i % 4 > 0 THEN 'v' || i END FROM generate_series(1, 60) i`,
      versions: [
        {
          writes: (round) => [
            sql`INSERT INTO ${table} VALUES (${round}, -1, 'x')`,
            sql`UPDATE ${table} SET ${column} = 1 WHERE id = ${round}`,
          ],
          reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id`],
        },
        {
          writes: (round) => [
            sql`INSERT INTO ${table} VALUES (${round}, 1, NULL)`,
            sql`UPDATE ${table} SET ${column} = 2 WHERE id = ${round}`,
          ],
          reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id`],
        },
      ],
      untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
      done: [constraintCount(table, 'c', 2)],
    }),
  },
  {
    title: 'add-check: of one column, on partitions below partitions, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      const version = {
        writes: (round: number) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 'a')`,
          sql`UPDATE ${table} SET ${column} = 8 WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
      };
      return {
        change: {
          kind: 'add-check',
          table,
          expression: sql`${column} >= 0 OR ${column} IS NULL`,
          name: null,
        },
        options: { deprecationDays: 0 },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
        versions: [version, version],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'c', 1)],
      };
    },
  },
];
