import { quoteLiteral, type QualifiedName } from '../../src/sql/identifier';
import { nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that adds an index. */
export const addIndexCases: NamedCase[] = [
  {
    title: 'add-index: on columns, beside others, with a name of its own',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { ...plain(names), columns: [second, column], name: fresh, include: ['id'] },
        commandLine: { columns: 'note, amount', name: 'fresh', include: 'id' },
        schema: sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
          CREATE INDEX ON ${table} (${column});
          INSERT INTO ${table} SELECT i, CASE WHEN i % 3 > 0 THEN i END, 'n' || i % 5 FROM generate_series(1, 60) i`,
        versions: [writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [indexCount(table, 1, `c.relname = ${quoteLiteral(fresh)}`)],
      };
    },
  },
  {
    title: 'add-index: of another method, on an expression, for some rows, on partitions below partitions',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: {
          ...plain(names),
          expression: sql`string_to_array(${second}, ' ')`,
          columns: null,
          method: 'gin',
          where: sql`${column} > 1`,
        },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
        versions: [writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [indexCount(table, 5, `m.amname = 'gin'`)],
      };
    },
  },
  {
    title: 'add-index: unique, where the version before writes what will be refused',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: {
          ...plain(names),
          columns: null,
          expression: sql`lower(${second})`,
          unique: true,
          where: sql`${column} IS NOT NULL`,
        },
        schema: sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text);
          INSERT INTO ${table} SELECT i, nullif(i % 4, 0), CASE WHEN i % 4 = 0 THEN 'Same' ELSE 'N' || i END FROM generate_series(1, 60) i`,
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, 1, 'n1')`,
              sql`UPDATE ${table} SET ${second} = 'u' || id WHERE id = ${round}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          {
            writes: (round) => [
              sql`INSERT INTO ${table} VALUES (${round}, 1, 'R' || ${round}), (${round}, NULL, 'n1')`,
              sql`UPDATE ${table} SET ${column} = 2 WHERE id = ${round} AND ${column} = 1`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
        ],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [indexCount(table, 1, 'i.indisunique')],
      };
    },
  },
  {
    title: 'add-index: unique, on a partitioned table, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { ...plain(names), columns: ['id', column], unique: true },
        options: { deprecationDays: 0 },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
        versions: [writer(names), writer(names)],
        untouched: sql`SELECT * FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [indexCount(table, 5, 'i.indisunique')],
      };
    },
  },
];

function plain({ table, column }: CaseNames) {
  return {
    kind: 'add-index' as const,
    table,
    columns: [column] as string[] | null,
    expression: null as string | null,
    name: null as string | null,
    unique: false,
    method: 'btree',
    where: null as string | null,
    include: [] as string[],
  };
}

function writer({ table, column, second }: CaseNames): AppVersion {
  return {
    writes: (round) => [
      sql`INSERT INTO ${table} (id, ${column}, ${second}) VALUES (${round}, 7, 'a b')`,
      sql`UPDATE ${table} SET ${second} = 'c d' WHERE id = ${round}`,
    ],
    reads: [sql`SELECT id, ${column} FROM ${table} ORDER BY id`],
  };
}

/** The table and its partitions have that many valid indexes of which the condition is true. */
function indexCount(table: QualifiedName, count: number, condition: string): string {
  return `SELECT count(*) = ${count} AS holds FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
           WHERE i.indisvalid AND ${condition} AND i.indrelid IN
             (SELECT ${relation(table)}::oid UNION SELECT relid FROM pg_partition_tree(${relation(table)}))`;
}

function relation(table: QualifiedName): string {
  return `to_regclass(${quoteLiteral(sql`${table}`)})`;
}
