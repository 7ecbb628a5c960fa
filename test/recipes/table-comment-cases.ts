import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

function app({ table, column }: CaseNames): AppVersion {
  return {
    writes: (round) => [sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 'x')`],
    reads: [sql`SELECT * FROM ${table} ORDER BY id`],
  };
}

/** Cases of the recipe that sets a comment. */
export const tableCommentCases: NamedCase[] = [
  {
    title: 'set-comment: of a column, where there was another',
    build: (names) => {
      const { table, column } = names;
      return {
        change: { kind: 'set-comment', table, column, comment: "it's \\ new" },
        commandLine: { column: 'amount', comment: "it's \\ new" },
        schema: sql`CREATE TABLE ${table} (id int, ${column} text);
          COMMENT ON COLUMN ${table}.${column} IS 'it''s \\ old';
          INSERT INTO ${table} SELECT i, 'a' FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 1 AS holds FROM pg_description WHERE description = 'it''s \\ new'`],
      };
    },
  },
  {
    title: 'set-comment: removed from a partitioned table',
    build: (names) => {
      const { table, column, other } = names;
      return {
        change: { kind: 'set-comment', table, column: null, comment: null },
        schema: sql`CREATE TABLE ${table} (id int, ${column} text) PARTITION BY LIST (id);
          CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
          COMMENT ON TABLE ${table} IS 'to be gone';
          INSERT INTO ${table} SELECT i, 'a' FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 0 AS holds FROM pg_description WHERE description = 'to be gone'`],
      };
    },
  },
];
