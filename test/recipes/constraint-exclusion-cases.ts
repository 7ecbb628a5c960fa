import { constraintCount } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that lets rows exclude each other. */
export const addExclusionCases: NamedCase[] = [
  {
    title: 'add-exclusion: of ranges, where the version before overlaps for a moment',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: {
          kind: 'add-exclusion',
          table,
          expression: sql`int4range(${column}, id, '[]') WITH &&`,
          name: fresh,
          method: 'gist',
          where: sql`${second} IS NOT NULL`,
        },
        commandLine: {
          expression: `int4range("amount", id, '[]') WITH &&`,
          name: 'fresh',
          where: '"note" IS NOT NULL',
        },
        schema: rows(names),
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, 20, 'overlaps')`,
              sql`UPDATE ${table} SET ${column} = id WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          writer(names),
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'x', 1)],
      };
    },
  },
  {
    title: 'add-exclusion: with an equality that an extension brings, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: {
          kind: 'add-exclusion',
          table,
          expression: sql`${column} WITH =, (int4range(id, id + 1)) WITH OPERATOR(pg_catalog.&&)`,
          name: null,
          method: 'gist',
          where: null,
        },
        options: { deprecationDays: 0 },
        schema: sql`CREATE EXTENSION btree_gist SCHEMA public; `.concat(
          rows(names),
          sql`; CREATE INDEX ON ${table} (${second})`,
        ),
        versions: [writer(names), writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [constraintCount(table, 'x', 1)],
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
      sql`INSERT INTO ${table} VALUES (${round}, ${round}, 'alone'), (${round}, NULL, NULL)`,
      sql`UPDATE ${table} SET ${second} = 'still' WHERE id = ${round} AND ${column} = id`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}
