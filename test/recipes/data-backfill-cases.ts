import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of backfill-column. */
export const backfillColumnCases: NamedCase[] = [
  {
    title: 'backfill-column: all rows, NULLs too, with a unique index',
    build: (names) => ({
      ...changed(names, sql`coalesce(lower(${names.column}), 'none ' || id)`, null),
      commandLine: { column: 'amount', expression: `coalesce(lower("amount"), 'none ' || id)` },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text, ${names.second} int);
        CREATE UNIQUE INDEX ON ${names.table} (${names.column}, id);
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN 'V' || i END, i FROM generate_series(1, 60) i`,
      done: [
        sql`SELECT ${names.column} = 'v7' AS holds FROM ${names.table} WHERE id = 7`,
        sql`SELECT ${names.column} = 'none 3' AS holds FROM ${names.table} WHERE id = 3`,
        sql`SELECT count(*) = 0 AS holds FROM pg_class WHERE relname LIKE 'switchback_kept_%'`,
      ],
    }),
  },
  {
    title:
      'backfill-column: some rows, by an expression that would give another value again, on a partitioned table',
    build: (names) => {
      const { table, column, second, other } = names;
      const plain = changed(names, sql`${column} * 1.1`, sql`${second} > 30`);
      const write = (round: number): string[] => [
        sql`INSERT INTO ${table} (id, ${second}, ${column}) VALUES (${round}, 1, 5)`,
        sql`UPDATE ${table} SET ${column} = 7 WHERE id = ${round - 1}`,
      ];
      return {
        ...plain,
        commandLine: { column: 'amount', expression: '"amount" * 1.1', where: '"note" > 30' },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} numeric(12,2) CHECK (${column} < 1000), ${second} int NOT NULL, PRIMARY KEY (${second}, id)) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (45);
          CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${table} DEFAULT;
          ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
          INSERT INTO ${table} SELECT i, i, i FROM generate_series(1, 60) i`,
        versions: plain.versions.map((version) => ({ ...version, writes: write })),
        done: [
          sql`SELECT sum(${column}) = 30 * 31 / 2 + 1.1 * (45 * 30 + 15) AS holds FROM ${table} WHERE id BETWEEN 1 AND 60`,
        ],
      };
    },
  },
  {
    title: 'backfill-column: values without an equality, and a trigger that writes the time',
    build: (names) => {
      const { table, column, second } = names;
      const plain = changed(names, sql`json_build_object('v', ${column})`, null);
      return {
        ...plain,
        schema: sql`CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY, ${column} json NOT NULL, ${second} int, UNIQUE (id));
          INSERT INTO ${table} (${column}, ${second}) SELECT to_json(i), i FROM generate_series(1, 60) i`,
        versions: plain.versions.map((version) => ({
          ...version,
          writes: (round) => [
            sql`INSERT INTO ${table} (${column}, ${second}) VALUES ('{"v": 1}', ${round})`,
            sql`UPDATE ${table} SET ${column} = '{"v":  2}' WHERE ${second} = ${round}`,
          ],
        })),
        untouched: sql`SELECT id, ${column}::text, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT ${column} ->> 'v' = '7' AS holds FROM ${table} WHERE id = 7`],
      };
    },
  },
];

function changed(
  { table, column, second }: CaseNames,
  expression: string,
  where: string | null,
): Omit<RecipeCase, 'schema' | 'done'> {
  return {
    change: { kind: 'backfill-column', table, column, expression, where },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'OLD' || ${round})`,
          sql`UPDATE ${table} SET ${column} = 'OLDER' || ${round} WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id, ${second}`],
      },
      {
        writes: (round) => [sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'new' || ${round})`],
        reads: [sql`SELECT id, ${second} FROM ${table} ORDER BY id, ${second}`],
      },
    ],
    untouched: sql`SELECT id, ${column}, ${second} FROM ${table} WHERE id <= 60 ORDER BY id`,
  };
}
