import { quoteLiteral } from '../../src/sql/identifier';
import { nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that renames an index. */
export const renameIndexCases: NamedCase[] = [
  {
    title: 'rename-index: a unique one on an expression, with a comment',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'rename-index', table, index: 'old one', to: fresh },
        commandLine: { index: '"old one"', to: 'fresh' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          CREATE UNIQUE INDEX "old one" ON ${table} ((${column} + id)) WHERE id < 60;
          COMMENT ON INDEX ${{ schema, name: 'old one' }} IS 'sums';
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [there(names)],
      };
    },
  },
  {
    title: 'rename-index: of a partitioned table',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'rename-index', table, index: 'old one', to: fresh },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; CREATE INDEX "old one" ON ${table} (${column})`,
        ),
        versions: [writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [there(names)],
      };
    },
  },
];

function writer({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 'new')`,
      sql`UPDATE ${table} SET ${column} = 8 WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}

function there({ schema, fresh }: CaseNames): string {
  return `SELECT to_regclass(${quoteLiteral(sql`${{ schema, name: fresh }}`)}) IS NOT NULL AS holds`;
}
