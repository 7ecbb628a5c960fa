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

/** Cases of the recipe that sets a table's replica identity. */
export const tableIdentityCases: NamedCase[] = [
  {
    title: 'set-replica-identity: the whole row, where it was an index',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { kind: 'set-replica-identity', table, identity: 'full', index: null },
        commandLine: { 'replica-identity': 'full' },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int NOT NULL);
          CREATE UNIQUE INDEX ${names.fresh} ON ${table} (id, ${second});
          ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ${names.fresh};
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT bool_or(relreplident = 'f') AS holds FROM pg_class WHERE oid > 16000 AND relkind = 'r'`,
        ],
      };
    },
  },
  {
    title: 'set-replica-identity: an index, where it was the primary key and is published',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'set-replica-identity', table, identity: 'index', index: fresh },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} text, ${second} int NOT NULL);
          CREATE UNIQUE INDEX ${fresh} ON ${table} (${second}) INCLUDE (${column});
          CREATE PUBLICATION ${fresh} FOR TABLE ${table};
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT bool_or(indisreplident) AS holds FROM pg_index WHERE indisunique AND NOT indisprimary AND indrelid > 16000`,
        ],
      };
    },
  },
  {
    title: 'set-replica-identity: nothing, of a partition',
    build: (names) => {
      const { table, column, second, other } = names;
      return {
        change: { kind: 'set-replica-identity', table: other, identity: 'nothing', index: null },
        schema: sql`CREATE TABLE ${table} (id int NOT NULL, ${column} text, ${second} int NOT NULL) PARTITION BY LIST (id);
          CREATE TABLE ${other} PARTITION OF ${table} DEFAULT;
          INSERT INTO ${table} SELECT i, NULL, i FROM generate_series(1, 60) i`,
        versions: [app(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [sql`SELECT bool_or(relreplident = 'n' AND relispartition) AS holds FROM pg_class`],
      };
    },
  },
];
