import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of purge-rows. */
export const purgeRowsCases: NamedCase[] = [
  {
    title: 'purge-rows: to an archive, with identity, a generated column, and rows that refer to others',
    build: (names) => ({
      ...purge(names, true),
      commandLine: { where: '"note" % 3 = 0', archive: true },
      schema: sql`CREATE TABLE ${names.table} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${names.column} text, ${names.second} int, "found" int GENERATED ALWAYS AS (${names.second} * 2) STORED);
        CREATE TABLE ${names.other} (id int REFERENCES ${names.table} ON DELETE CASCADE);
        CREATE UNIQUE INDEX ON ${names.table} (${names.second}) WHERE ${names.second} BETWEEN 1 AND 60;
        INSERT INTO ${names.table} (id, ${names.column}, ${names.second}) OVERRIDING SYSTEM VALUE SELECT i, 'v' || i, CASE WHEN i % 7 > 0 THEN i END FROM generate_series(1, 60) i;
        INSERT INTO ${names.other} SELECT i FROM generate_series(1, 60, 3) i`,
      done: [
        ...purge(names, true).done,
        sql`SELECT count(*) = 20 AS holds FROM ${names.other}`,
        sql`SELECT count(*) = 1 AS holds FROM pg_class WHERE relname LIKE '%archive%' AND relkind = 'r'`,
      ],
    }),
  },
  {
    title: 'purge-rows: for good, on a partitioned table with two key columns and a policy',
    build: (names) => ({
      ...purge(names, false),
      commandLine: { where: '"note" % 3 = 0' },
      schema: sql`CREATE TABLE ${names.table} (id int NOT NULL, ${names.column} text, ${names.second} int, PRIMARY KEY (${names.column}, id)) PARTITION BY RANGE (id);
        CREATE TABLE ${names.other} PARTITION OF ${names.table} FOR VALUES FROM (MINVALUE) TO (30);
        CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${names.table} DEFAULT;
        ALTER TABLE ${names.table} ENABLE ROW LEVEL SECURITY;
        INSERT INTO ${names.table} (id, ${names.column}, ${names.second}) SELECT i, 'v' || i, i FROM generate_series(1, 60) i`,
    }),
  },
  {
    title: 'purge-rows: by the time of day, back from an archive of a partitioned table',
    build: (names) => {
      const { table, column, second } = names;
      const plain = purge(names, true);
      return {
        ...plain,
        change: {
          kind: 'purge-rows',
          table,
          archive: true,
          where: sql`${column} < (now() - interval '1 year')::text`,
        },
        schema: sql`CREATE TABLE ${table} (id bigserial, ${second} int, ${column} text, PRIMARY KEY (${column}, id)) PARTITION BY HASH (id);
          CREATE TABLE ${names.other} PARTITION OF ${table} FOR VALUES WITH (MODULUS 1, REMAINDER 0);
          INSERT INTO ${table} (id, ${column}, ${second}) SELECT i, CASE WHEN i % 2 = 0 THEN '2020-01-01' ELSE now()::text END, i FROM generate_series(1, 60) i`,
        versions: [0, 1].map((version) => ({
          writes: (round) => [
            sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, ${version === 0 ? { literal: '2019-01-01' } : { literal: '9999' }}, 1)`,
          ],
          reads: [sql`SELECT id, ${second} FROM ${table} WHERE ${column} > '2021' ORDER BY id`],
        })),
        done: [sql`SELECT count(*) = 30 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
];

function purge({ table, column, second }: CaseNames, archive: boolean): Omit<RecipeCase, 'schema'> {
  const left = sql`SELECT id, ${column} FROM ${table} WHERE (${second} % 3 = 0) IS NOT TRUE ORDER BY id`;
  return {
    change: { kind: 'purge-rows', table, where: sql`${second} % 3 = 0`, archive },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) OVERRIDING SYSTEM VALUE VALUES (${round}, 'old', ${round * 3})`,
          sql`UPDATE ${table} SET ${second} = ${round * 3 + 1} WHERE ${second} = ${round * 3 - 3}`,
        ],
        reads: [left],
      },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) OVERRIDING SYSTEM VALUE VALUES (${round}, 'new', ${round * 3 + 1})`,
          sql`UPDATE ${table} SET ${column} = 'newer' WHERE ${second} = ${round * 3 - 2}`,
        ],
        reads: [left],
      },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
    done: [
      sql`SELECT count(*) = 0 AS holds FROM ${table} WHERE ${second} % 3 = 0`,
      sql`SELECT count(*) >= 40 AS holds FROM ${table} WHERE id <= 60`,
      sql`SELECT count(*) = 0 AS holds FROM pg_class WHERE relname LIKE 'switchback_going_%'`,
    ],
  };
}
