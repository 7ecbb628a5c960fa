import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

function app({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 'x', ${round})`,
      sql`UPDATE ${table} SET ${column} = 'y' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT * FROM ${table} ORDER BY id`],
  };
}

/** Cases of the recipe that sets row security. */
export const tableRowSecurityCases: NamedCase[] = [
  {
    title: 'set-row-security: turned on with the first policy',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: {
          kind: 'set-row-security',
          table,
          policy: fresh,
          command: 'all',
          role: null,
          using: sql`${second} > 30`,
          check: sql`${second} > 0`,
        },
        commandLine: { policy: 'fresh', using: '"note" > 30', check: '"note" > 0' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int);
          GRANT SELECT ON ${table} TO pg_monitor;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names), app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT bool_or(relrowsecurity) AS holds FROM pg_class`],
      };
    },
  },
  {
    title: 'set-row-security: one more policy, for inserts of one role into a partitioned table',
    build: (names) => {
      const { table, column, second, fresh, other } = names;
      return {
        change: {
          kind: 'set-row-security',
          table,
          policy: fresh,
          command: 'insert',
          role: 'pg_monitor',
          using: null,
          check: sql`${second} > 30 AND id IN (SELECT id FROM ${table})`,
        },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int) PARTITION BY HASH (id);
          CREATE TABLE ${other} PARTITION OF ${table} FOR VALUES WITH (MODULUS 1, REMAINDER 0);
          CREATE POLICY ${column} ON ${table} FOR SELECT USING (true);
          ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
          ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT count(*) = 2 AS holds FROM pg_policy`],
      };
    },
  },
];
