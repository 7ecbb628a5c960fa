import { nestedPartitions } from './constraint-tables';
import { quoteLiteral } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that drops a constraint. */
export const dropConstraintCases: NamedCase[] = [
  {
    title: 'drop-constraint: a check that was never proved, with a comment',
    build: (names) => {
      const { table, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        commandLine: { constraint: 'fresh' },
        shape: 'fixed',
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} CHECK (${names.column} > 3) NO INHERIT NOT VALID;
            COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'it''s \\ needed'`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a check of partitions below partitions',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} CHECK (${column} > 0);
            COMMENT ON CONSTRAINT ${fresh} ON ${{ schema, name: 'high one' }} IS 'of a part'`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a foreign key that cascades and is deferred',
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema:
          sql`CREATE TABLE ${other} (id int PRIMARY KEY); INSERT INTO ${other} SELECT generate_series(1, 60); `.concat(
            rows(names),
            sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other}
              ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
            COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'whose'`,
          ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a foreign key that was never proved',
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        options: { deprecationDays: 0 },
        shape: 'fixed',
        schema:
          sql`CREATE TABLE ${other} (id int PRIMARY KEY); INSERT INTO ${other} SELECT generate_series(7, 30); `.concat(
            rows(names),
            sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other} NOT VALID`,
          ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a foreign key of partitions, one of which calls it otherwise',
    build: (names) => {
      const { schema, table, other, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema:
          sql`CREATE TABLE ${other} (id int PRIMARY KEY); INSERT INTO ${other} SELECT generate_series(1, 60); `.concat(
            nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
            sql`; ALTER TABLE ${{ schema, name: 'high rest' }} ADD CONSTRAINT "its own" FOREIGN KEY (${column}) REFERENCES ${other};
            ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other}`,
          ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a unique one, deferrable, by which the table is clustered',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} UNIQUE (${second}, id) INCLUDE (${column}) WITH (fillfactor = 70) DEFERRABLE;
            ALTER TABLE ${table} CLUSTER ON ${fresh};
            COMMENT ON INDEX ${{ schema, name: fresh }} IS 'the index'; COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'the rule'`,
        ),
        versions: [writer(names), writer(names)],
        untouched: sql`SELECT t.*, i.indisclustered FROM ${table} t LEFT JOIN pg_index i
            ON i.indexrelid = to_regclass(${{ literal: sql`${{ schema, name: fresh }}` }}) WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a primary key of partitions below partitions',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; ALTER TABLE ${{ schema, name: 'high one' }} ADD CONSTRAINT "its own" PRIMARY KEY (id);
            ALTER TABLE ${table} ADD CONSTRAINT ${fresh} PRIMARY KEY (id)`,
        ),
        versions: [
          {
            writes: (round) => [sql`INSERT INTO ${table} (id) VALUES (${round}) ON CONFLICT (id) DO NOTHING`],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          writer(names),
        ],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: an exclusion of some rows',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh}
              EXCLUDE USING gist (int4range(${column}, id, '[]') WITH &&) WITH (fillfactor = 80) WHERE (${second} IS NULL)`,
        ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a check that children inherit, one beside its own',
    build: (names) => {
      const { schema, table, column, fresh } = names;
      const child = { schema, name: 'child' };
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: rows(names).concat(
          sql`; CREATE TABLE ${child} (LIKE ${table}, CONSTRAINT ${fresh} CHECK (${column} > 0));
            ALTER TABLE ${table} ADD CONSTRAINT ${fresh} CHECK (${column} > 0); ALTER TABLE ${child} INHERIT ${table};
            CREATE TABLE ${{ schema, name: 'grandchild' }} () INHERITS (${child});
            COMMENT ON CONSTRAINT ${fresh} ON ${{ schema, name: 'grandchild' }} IS 'below'`,
        ),
        versions: [writer(names)],
        untouched: sql`SELECT t.*, (SELECT json_agg(json_build_array(conrelid::regclass, conislocal, coninhcount) ORDER BY conrelid::regclass::text)
            FROM pg_constraint WHERE conname = ${{ literal: fresh }}) AS inherited FROM ${table} t WHERE id <= 60 ORDER BY id`,
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a foreign key that is not enforced',
    since: 18,
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: sql`CREATE TABLE ${other} (id int PRIMARY KEY); `.concat(
          rows(names),
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other} NOT ENFORCED`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
      };
    },
  },
  {
    title: 'drop-constraint: a primary key without overlaps',
    since: 18,
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'drop-constraint', table, constraint: fresh },
        schema: sql`CREATE EXTENSION btree_gist SCHEMA public;
          CREATE TABLE ${table} (id int, ${column} int, ${second} text, during int4range DEFAULT '[1,2)',
            CONSTRAINT ${fresh} PRIMARY KEY (id, during WITHOUT OVERLAPS) WITH (fillfactor = 80));
          INSERT INTO ${table} SELECT i, i, 'n' || i FROM generate_series(1, 60) i`,
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [gone(names)],
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

function gone({ fresh, table }: CaseNames): string {
  return `SELECT count(*) = 0 AS holds FROM pg_constraint WHERE conname = ${quoteLiteral(fresh)} AND conrelid = to_regclass(${quoteLiteral(sql`${table}`)})`;
}
