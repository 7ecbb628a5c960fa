import { constraintCount, nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipes that add a unique or a primary key. */
export const addKeyCases: NamedCase[] = [
  {
    title: 'add-unique: beside an index, where the version before writes a value twice for a moment',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'add-unique', table, columns: [column, second], name: fresh },
        commandLine: { columns: 'amount, note', name: 'fresh' },
        schema: sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text);
          CREATE INDEX ON ${table} (${column}, ${second});
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN i END, 'n' || i % 2 FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, 1, 'n1')`,
              sql`UPDATE ${table} SET ${column} = id WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          keyWriter(names),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'u', 1)],
      };
    },
  },
  {
    title: 'add-unique: on partitions below partitions, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { kind: 'add-unique', table, columns: [column, 'id'], name: null },
        options: { deprecationDays: 0 },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
        versions: [keyWriter(names), keyWriter(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'u', 1)],
      };
    },
  },
  {
    title:
      'add-primary-key: of columns that may be empty, where the version before leaves them so for a moment',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'add-primary-key', table, columns: [second, column], name: fresh },
        commandLine: { columns: 'note, amount', name: 'fresh' },
        schema: sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text);
          INSERT INTO ${table} SELECT i, i, 'n' || i % 2 FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, NULL, 'n1')`,
              sql`UPDATE ${table} SET ${column} = id WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          keyWriter(names),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'p', 1)],
      };
    },
  },
  {
    title: 'add-primary-key: of a required column, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { kind: 'add-primary-key', table, columns: ['id'], name: null },
        options: { deprecationDays: 0 },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL UNIQUE, ${column} int, ${second} text);
          INSERT INTO ${table} SELECT i, i, 'n' || i % 2 FROM generate_series(1, 60) i`,
        versions: [keyWriter(names), keyWriter(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'p', 1)],
      };
    },
  },
];

function keyWriter({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, ${round}, 'r')`,
      sql`UPDATE ${table} SET ${second} = 's' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}
