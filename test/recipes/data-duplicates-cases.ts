import { sql, type CaseNames, type NamedCase, type RecipeCase } from './recipe-case';

/** Cases of remove-duplicates. */
export const removeDuplicatesCases: NamedCase[] = [
  {
    title: 'remove-duplicates: to an archive, the newest stays, rows without a value too',
    build: (names) => ({
      ...removal(names, { first: sql`${names.second} DESC`, archive: true }),
      commandLine: { columns: 'amount', first: '"note" DESC', archive: true },
      schema: sql`CREATE TABLE ${names.table} (id int PRIMARY KEY, ${names.column} text, ${names.second} int NOT NULL);
        CREATE TABLE ${names.other} (id int REFERENCES ${names.table});
        INSERT INTO ${names.table} SELECT i, CASE WHEN i % 3 > 0 THEN 'v' || i % 10 END, i FROM generate_series(1, 60) i;
        INSERT INTO ${names.other} SELECT 59`,
      done: [
        ...removal(names, { first: null, archive: true }).done,
        sql`SELECT array_agg(id ORDER BY id) = '{41,44,47,50,52,53,55,56,58,59}' AS holds FROM ${names.table} WHERE id <= 60 AND ${names.column} IS NOT NULL`,
      ],
    }),
  },
  {
    title: 'remove-duplicates: for good, by two columns, the smallest key stays, partitioned',
    build: (names) => {
      const { table, column, second, other } = names;
      const plain = removal(names, { first: null, archive: false });
      return {
        ...plain,
        change: { kind: 'remove-duplicates', table, columns: [second, column], first: null, archive: false },
        commandLine: { columns: 'note, amount' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} varchar(90), ${second} int) PARTITION BY RANGE (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES FROM (MINVALUE) TO (31);
          CREATE TABLE ${{ schema: names.schema, name: names.fresh }} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, 'v' || i % 10, i % 2 FROM generate_series(1, 60) i`,
        done: [sql`SELECT max(id) = 10 AS holds FROM ${table} WHERE id <= 60`],
      };
    },
  },
];

function removal(
  { table, column, second }: CaseNames,
  how: { first: string | null; archive: boolean },
): Omit<RecipeCase, 'schema'> {
  return {
    change: { kind: 'remove-duplicates', table, columns: [column], ...how },
    versions: [
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'same', ${round})`,
          sql`UPDATE ${table} SET ${column} = 'o' || ${round} WHERE id = ${round - 1}`,
        ],
        reads: [sql`SELECT DISTINCT ${column} FROM ${table} WHERE id <= 60 ORDER BY 1`],
      },
      {
        writes: (round) => [
          sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'n' || ${round}, ${round})`,
          sql`UPDATE ${table} SET ${second} = ${round} + 1 WHERE id = ${round}`,
        ],
        reads: [sql`SELECT DISTINCT ${column} FROM ${table} WHERE id <= 60 ORDER BY 1`],
      },
    ],
    untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
    done: [
      sql`SELECT count(*) = count(DISTINCT ${column}) AS holds FROM ${table} WHERE ${column} IS NOT NULL`,
      sql`SELECT count(*) = 20 AS holds FROM ${table} WHERE id <= 60 AND ${column} IS NULL`,
    ],
  };
}
