import { constraintCount, nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

const plain = {
  kind: 'add-foreign-key' as const,
  toColumns: null,
  name: null,
  onDelete: 'no action' as const,
  onUpdate: 'no action' as const,
};

/** Cases of the recipe that adds a foreign key. */
export const addForeignKeyCases: NamedCase[] = [
  {
    title: 'add-foreign-key: to a primary key, where the version before writes the reference first',
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { ...plain, table, columns: [column], references: other, name: fresh, onDelete: 'cascade' },
        commandLine: {
          columns: 'amount',
          references: 'app.customers',
          name: 'fresh',
          'on-delete': 'CASCADE',
        },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY);
          CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int);
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${other} SELECT generate_series(1, 60);
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN i END FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, ${round})`,
              sql`INSERT INTO ${other} VALUES (${round})`,
            ],
            reads: [sql`SELECT id FROM ${table} WHERE id <= 60 ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${other} VALUES (${round})`,
              sql`INSERT INTO ${table} VALUES (${round}, ${round})`,
              sql`UPDATE ${table} SET ${column} = 1 WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} WHERE id <= 60 ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'f', 1)],
      };
    },
  },
  {
    title: 'add-foreign-key: from partitions below partitions',
    build: (names) => {
      const { table, other, column, second } = names;
      return {
        change: { ...plain, table, columns: [column], references: other, onUpdate: 'restrict' },
        options: { deprecationDays: 0 },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY);
          INSERT INTO ${other} SELECT generate_series(1, 60);`.concat(
          nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
        ),
        versions: [writer(names), writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'f', 1)],
      };
    },
  },
  {
    title: 'add-foreign-key: of two columns to a unique index of a partitioned table',
    build: (names) => {
      const { schema, table, other, column, second } = names;
      return {
        change: {
          ...plain,
          table,
          columns: [column, second],
          references: other,
          toColumns: ['part', 'key'],
          onDelete: 'set null',
        },
        schema: sql`CREATE TABLE ${other} (part int, key text, UNIQUE (key, part)) PARTITION BY LIST (part);
          CREATE TABLE ${{ schema, name: 'rest' }} PARTITION OF ${other} DEFAULT;
          CREATE TABLE ${table} (id int, ${column} int, ${second} text);
          INSERT INTO ${other} SELECT i, 'k' || i FROM generate_series(1, 60) i;
          INSERT INTO ${table} SELECT i, i, CASE WHEN i % 3 > 0 THEN 'k' || i END FROM generate_series(1, 60) i`,
        versions: [writer(names, 'k7'), writer(names, 'k7')],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`WITH d AS (DELETE FROM ${other} WHERE key = 'k8' RETURNING 1) SELECT count(*) = 1 AS holds FROM d`,
          sql`SELECT ${second} IS NULL AS holds FROM ${table} WHERE id = 8`,
        ],
      };
    },
  },
  {
    title: 'add-foreign-key: to the table itself',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { ...plain, table, columns: [column], references: table },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          INSERT INTO ${table} SELECT i, nullif(i / 2, 0) FROM generate_series(1, 60) i`,
        versions: [writer(names), writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'f', 1)],
      };
    },
  },
];

function writer({ table, column, second }: CaseNames, text = 'a'): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 7)`,
      `${sql`UPDATE ${table} SET ${second} = `}'${text}'${sql` WHERE id = ${round}`}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}
