import { nestedPartitions } from './constraint-tables';
import { quoteLiteral } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that renames a constraint. */
export const renameConstraintCases: NamedCase[] = [
  {
    title: 'rename-constraint: a check of partitions below partitions, with a comment',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'rename-constraint', table, constraint: 'old one', to: fresh },
        commandLine: { constraint: '"old one"', to: 'fresh' },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT "old one" CHECK (${column} > 0);
            COMMENT ON CONSTRAINT "old one" ON ${table} IS 'amounts'`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [renamed(names)],
      };
    },
  },
  {
    title: 'rename-constraint: a foreign key',
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { kind: 'rename-constraint', table, constraint: fresh, to: 'new one' },
        schema:
          sql`CREATE TABLE ${other} (id int PRIMARY KEY); INSERT INTO ${other} SELECT generate_series(1, 60); `.concat(
            rows(names),
            sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other} DEFERRABLE`,
          ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [renamed({ ...names, fresh: 'new one' })],
      };
    },
  },
  {
    title: 'rename-constraint: a primary key that the version before names',
    build: (names) => {
      const { table, fresh } = names;
      return {
        change: { kind: 'rename-constraint', table, constraint: 'old one', to: fresh },
        schema: rows(names).concat(sql`; ALTER TABLE ${table} ADD CONSTRAINT "old one" PRIMARY KEY (id)`),
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id) VALUES (${round}) ON CONFLICT ON CONSTRAINT "old one" DO NOTHING`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round}) ON CONFLICT (id) DO NOTHING`],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
        ],
        untouched: untouched(names),
        done: [renamed(names)],
      };
    },
  },
];

function rows({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text);
    INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`;
}

function writer({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 'new')`,
      sql`UPDATE ${table} SET ${column} = 8 WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}

function untouched({ table }: CaseNames): string {
  return sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`;
}

function renamed({ fresh, table }: CaseNames): string {
  return `SELECT count(*) = 1 AS holds FROM pg_constraint WHERE conname = ${quoteLiteral(fresh)} AND conrelid = to_regclass(${quoteLiteral(sql`${table}`)})`;
}
