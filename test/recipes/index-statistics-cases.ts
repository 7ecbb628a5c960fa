import { quoteLiteral } from '../../src/sql/identifier';
import { nestedPartitions } from './constraint-tables';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipes for what the planner knows. */
export const statisticsCases: NamedCase[] = [
  {
    title: 'add-statistics: of two kinds, with a name',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: {
          kind: 'add-statistics',
          table,
          columns: [second, column],
          name: fresh,
          statistics: ['mcv', 'dependencies'],
        },
        commandLine: { columns: 'note, amount', name: 'fresh', statistics: 'mcv, dependencies' },
        schema: rows(names),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [statistics(names, 1)],
      };
    },
  },
  {
    title: 'add-statistics: of a partitioned table beside others, by the name the server gives',
    build: (names) => {
      const { table, column, second } = names;
      return {
        change: { kind: 'add-statistics', table, columns: ['id', column], name: null, statistics: [] },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; CREATE STATISTICS ${names.other} ON ${column}, ${second} FROM ${table}`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [statistics(names, 2)],
      };
    },
  },
  {
    title: 'drop-statistics: with a comment and an owner',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const name = { schema, name: fresh };
      return {
        change: { kind: 'drop-statistics', table, name: fresh },
        commandLine: { name: 'fresh' },
        schema: rows(names).concat(
          sql`; CREATE STATISTICS ${name} (ndistinct, mcv) ON ${column}, ${second} FROM ${table};
            COMMENT ON STATISTICS ${name} IS 'it''s \\ needed';
            ALTER STATISTICS ${name} OWNER TO pg_monitor`,
        ),
        versions: [writer(names)],
        untouched: sql`SELECT t.*, pg_get_statisticsobjdef(s.oid) AS definition, s.stxowner, obj_description(s.oid, 'pg_statistic_ext') AS comment
            FROM ${table} t LEFT JOIN pg_statistic_ext s ON s.stxrelid = to_regclass(${{ literal: sql`${table}` }}) WHERE id <= 60 ORDER BY id`,
        done: [statistics(names, 0)],
      };
    },
  },
  {
    title: 'drop-statistics: with a target, on an expression',
    since: 14,
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      const name = { schema, name: fresh };
      return {
        change: { kind: 'drop-statistics', table, name: fresh },
        schema: rows(names).concat(
          sql`; CREATE STATISTICS ${name} ON (${column} % 10), lower(${second}) FROM ${table}; ALTER STATISTICS ${name} SET STATISTICS 500`,
        ),
        versions: [writer(names)],
        untouched: sql`SELECT t.*, pg_get_statisticsobjdef(s.oid) AS definition, to_jsonb(s) -> 'stxstattarget' AS target
            FROM ${table} t LEFT JOIN pg_statistic_ext s ON s.stxrelid = to_regclass(${{ literal: sql`${table}` }}) WHERE id <= 60 ORDER BY id`,
        done: [statistics(names, 0)],
      };
    },
  },
  {
    title: 'set-statistics-target: of a column that has one',
    build: (names) => {
      const { table, column } = names;
      return {
        change: { kind: 'set-statistics-target', table, column, target: -1 },
        commandLine: { column: 'amount', target: 'default' },
        schema: rows(names).concat(sql`; ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS 700`),
        versions: [writer(names)],
        untouched: targets(names),
        done: [targetIs(names, -1)],
      };
    },
  },
  {
    title: 'set-statistics-target: of a partitioned table, one partition of which has its own',
    build: (names) => {
      const { schema, table, column, second } = names;
      return {
        change: { kind: 'set-statistics-target', table, column, target: 1000 },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; ALTER TABLE ${{ schema, name: 'high one' }} ALTER COLUMN ${column} SET STATISTICS 30`,
        ),
        versions: [writer(names)],
        untouched: targets(names),
        done: [targetIs(names, 1000)],
      };
    },
  },
];

function rows({ table, column, second }: CaseNames): string {
  return sql`CREATE TABLE ${table} (id int PRIMARY KEY, ${column} int, ${second} text);
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

function statistics({ table }: CaseNames, count: number): string {
  return `SELECT count(*) = ${count} AS holds FROM pg_statistic_ext WHERE stxrelid = to_regclass(${quoteLiteral(sql`${table}`)})`;
}

/** The rows, each with the targets of the column in all tables of the schema. */
function targets({ schema, table, column }: CaseNames): string {
  return sql`SELECT t.*, (SELECT json_agg(coalesce(a.attstattarget, -1) ORDER BY c.relname) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = ${{ literal: sql`${schema}` }}::regnamespace AND a.attname = ${{ literal: column }}) AS targets
    FROM ${table} t WHERE id <= 60 ORDER BY id`;
}

function targetIs({ table, column }: CaseNames, target: number): string {
  return (
    `SELECT coalesce(attstattarget, -1) = ${target} AS holds FROM pg_attribute ` +
    `WHERE attrelid = to_regclass(${quoteLiteral(sql`${table}`)}) AND attname = ${quoteLiteral(column)}`
  );
}
