import { sql, type CaseNames, type NamedCase } from './recipe-case';

function old({ other, column }: CaseNames): string {
  return sql`CREATE TABLE ${other} (id int PRIMARY KEY, ${column} text);
    INSERT INTO ${other} SELECT i, 'v' || i FROM generate_series(1, 60) i`;
}

function untouched({ other }: CaseNames): string {
  return sql`SELECT * FROM ${other} WHERE id <= 60 ORDER BY id`;
}

/** Cases of the recipe that creates a table. */
export const createTableCases: NamedCase[] = [
  {
    title: 'create-table: with a foreign key to one that is in use',
    build: (names) => {
      const { table, other, column, second } = names;
      const uses = sql`INSERT INTO ${other} (id, ${column}) VALUES`;
      return {
        change: {
          kind: 'create-table',
          table,
          definition: sql`id bigint PRIMARY KEY, ${second} int NOT NULL REFERENCES ${other}`,
          partitionBy: null,
          more: null,
        },
        commandLine: { definition: 'id bigint PRIMARY KEY, "note" int NOT NULL REFERENCES app.customers' },
        schema: old(names),
        versions: [
          { writes: (round) => [`${uses} (${round}, 'x')`], reads: [sql`SELECT count(*) FROM ${other}`] },
          {
            writes: (round) => [
              `${uses} (${round}, 'x')`,
              sql`INSERT INTO ${table} VALUES (${round}, ${round})`,
            ],
            reads: [sql`SELECT count(*) FROM ${table} JOIN ${other} o ON o.id = ${second}`],
          },
        ],
        untouched: untouched(names),
        done: [sql`SELECT count(*) = 0 AS holds FROM ${table} WHERE ${second} IS NULL`],
      };
    },
  },
  {
    title: 'create-table: partitioned',
    build: (names) => {
      const { table, other, second } = names;
      return {
        change: {
          kind: 'create-table',
          table,
          definition: sql`id bigint NOT NULL, ${second} date NOT NULL, PRIMARY KEY (id, ${second})`,
          partitionBy: sql`RANGE (${second})`,
          more: sql`CREATE INDEX ON ${table} (${second}); COMMENT ON TABLE ${table} IS 'new';
            ALTER TABLE ${table} ADD CONSTRAINT ${names.fresh} CHECK (id > 0)`,
        },
        schema: old(names),
        versions: [
          { writes: () => [], reads: [sql`SELECT count(*) FROM ${other}`] },
          { writes: () => [], reads: [sql`SELECT count(*) FROM ${table}`] },
        ],
        untouched: untouched(names),
        done: [
          sql`SELECT count(*) = 1 AS holds FROM pg_partitioned_table p JOIN pg_class c ON c.oid = partrelid WHERE relname = ${{ literal: table.name }}`,
        ],
      };
    },
  },
];
