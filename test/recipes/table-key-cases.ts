import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Code that finds and merges rows by one column. */
function app({ table, column, second }: CaseNames, key: string): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, ${round}, 'r' || ${round}) ON CONFLICT (${key}) DO UPDATE SET ${second} = excluded.${second}`,
      sql`UPDATE ${table} SET ${second} = ${second} || 's' WHERE ${key} = ${round}`,
    ],
    reads: [sql`SELECT * FROM ${table} ORDER BY id`],
  };
}

function plainly({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, ${round}, 'r' || ${round})`,
    ],
    reads: [sql`SELECT * FROM ${table} ORDER BY id`],
  };
}

/** Whether the table has this key over so many columns, and as many unique constraints. */
function keys(table: CaseNames['table'], columns: number, unique: number): string {
  return sql`SELECT count(*) FILTER (WHERE contype = 'p' AND cardinality(conkey) = ${columns}) = 1 AND count(*) FILTER (WHERE contype = 'u') = ${unique} AS holds
    FROM pg_constraint WHERE conrelid = ${{ literal: sql`${table}` }}::regclass`;
}

/** Cases of the recipe that changes the primary key. */
export const tableKeyCases: NamedCase[] = [
  {
    title:
      'change-primary-key: to a column that may be empty, the old one kept unique with all that was said of it',
    build: (names) => {
      const { schema, table, column, second, fresh, other } = names;
      const old = [...fresh].slice(0, 6).join('');
      return {
        change: { kind: 'change-primary-key', table, columns: [column], name: fresh, keepUnique: true },
        commandLine: { columns: 'amount', name: 'fresh', 'keep-unique': true },
        schema: sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text,
            CONSTRAINT ${old + '1'} PRIMARY KEY (id) INCLUDE (${second}) WITH (fillfactor = 70));
          COMMENT ON CONSTRAINT ${old + '1'} ON ${table} IS 'of old';
          COMMENT ON INDEX ${{ schema, name: old + '1' }} IS 'its index';
          ALTER TABLE ${table} CLUSTER ON ${old + '1'};
          CREATE INDEX ON ${table} (${second});
          CREATE TABLE ${other} () INHERITS (${table});
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, NULL, 'n')`,
              sql`UPDATE ${table} SET ${column} = id WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          app(names, 'id'),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [keys(table, 1, 1)],
      };
    },
  },
  {
    title: 'change-primary-key: to two columns under the old name, and nothing is kept',
    build: (names) => {
      const { table, column, second, other } = names;
      return {
        change: {
          kind: 'change-primary-key',
          table,
          columns: [second, column],
          name: null,
          keepUnique: false,
        },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text NOT NULL, mine int);
          CREATE TABLE ${other} () INHERITS (${table});
          INSERT INTO ${table} SELECT i, i, 'n' || i % 2 FROM generate_series(1, 60) i`,
        versions: [app(names, 'id'), plainly(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [keys(table, 2, 0)],
      };
    },
  },
  {
    title: 'change-primary-key: deferrable, to a part of it',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { kind: 'change-primary-key', table, columns: [column], name: null, keepUnique: false },
        options: { deprecationDays: 0 },
        schema: sql`CREATE TABLE ${table} (id int UNIQUE, ${column} int, ${second} text, PRIMARY KEY (${column}, id) DEFERRABLE INITIALLY DEFERRED);
          INSERT INTO ${table} SELECT i, i, 'n' || i % 2 FROM generate_series(1, 60) i`,
        versions: [app(names, 'id'), app(names, 'id')],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [keys(table, 1, 1)],
      };
    },
  },
];
