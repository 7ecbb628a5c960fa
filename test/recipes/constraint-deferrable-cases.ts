import { nestedPartitions } from './constraint-tables';
import { quoteLiteral } from '../../src/sql/identifier';
import { sql, type AppVersion, type CaseNames, type NamedCase } from './recipe-case';

/** Cases of the recipe that sets when a constraint is checked. */
export const setDeferrableCases: NamedCase[] = [
  {
    title: 'set-deferrable: a foreign key of partitions that a transaction may defer',
    build: (names) => {
      const { table, other, column, second, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'immediate' },
        commandLine: { constraint: 'fresh', deferrable: 'immediate' },
        schema: parents(names).concat(
          nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`),
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other} ON DELETE CASCADE`,
        ),
        versions: [writer(names)],
        untouched: untouched(names),
        done: [checked(names, true, false)],
      };
    },
  },
  {
    title: 'set-deferrable: a foreign key that the version before breaks for a moment',
    build: (names) => {
      const { table, other, column, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'not' },
        schema: parents(names).concat(
          rows(names),
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} FOREIGN KEY (${column}) REFERENCES ${other} DEFERRABLE INITIALLY DEFERRED;
            COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'whose'`,
        ),
        versions: [
          {
            writes: (round) => [
              sql`DO ${{
                literal: sql`BEGIN INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${round});
                  INSERT INTO ${other} VALUES (${round}); END`,
              }}`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          writer(names),
        ],
        untouched: untouched(names),
        done: [checked(names, false, false)],
      };
    },
  },
  {
    title: 'set-deferrable: a unique one, for the version that shifts numbers',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'deferred' },
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} UNIQUE (id, ${column}) INCLUDE (${second}) WITH (fillfactor = 60);
            ALTER TABLE ${table} CLUSTER ON ${fresh};
            COMMENT ON INDEX ${{ schema, name: fresh }} IS 'the index'; COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'the rule'`,
        ),
        versions: [
          {
            writes: (round) => [
              sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, 1) ON CONFLICT (id, ${column}) DO NOTHING`,
            ],
            reads: [sql`SELECT id FROM ${table} ORDER BY id`],
          },
          writer(names),
        ],
        untouched: sql`SELECT t.*, i.indisclustered FROM ${table} t LEFT JOIN pg_index i
            ON i.indexrelid = to_regclass(${{ literal: sql`${{ schema, name: fresh }}` }}) WHERE id <= 60 ORDER BY id`,
        done: [checked(names, true, true)],
      };
    },
  },
  {
    title: 'set-deferrable: a unique one of partitions below partitions',
    build: (names) => {
      const { schema, table, column, second, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'not' },
        options: { deprecationDays: 0 },
        schema: nestedPartitions(names, sql`id int NOT NULL, ${column} int, ${second} text`).concat(
          sql`; ALTER TABLE ${{ schema, name: 'high one' }} ADD CONSTRAINT "its own" UNIQUE (id, ${column}) DEFERRABLE;
            ALTER TABLE ${table} ADD CONSTRAINT ${fresh} UNIQUE (id, ${column}) DEFERRABLE;
            COMMENT ON CONSTRAINT "its own" ON ${{ schema, name: 'high one' }} IS 'of a part'`,
        ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [checked(names, false, false)],
      };
    },
  },
  {
    title: 'set-deferrable: a primary key that is deferred no longer',
    build: (names) => {
      const { table, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'not' },
        options: { deprecationDays: 0 },
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh} PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED`,
        ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [checked(names, false, false)],
      };
    },
  },
  {
    title: 'set-deferrable: an exclusion of some rows',
    build: (names) => {
      const { table, column, second, fresh } = names;
      return {
        change: { kind: 'set-deferrable', table, constraint: fresh, deferrable: 'deferred' },
        schema: rows(names).concat(
          sql`; ALTER TABLE ${table} ADD CONSTRAINT ${fresh}
              EXCLUDE USING gist (int4range(${column}, id, '[]') WITH &&) WITH (fillfactor = 80) WHERE (${second} IS NULL);
            COMMENT ON CONSTRAINT ${fresh} ON ${table} IS 'the rule'`,
        ),
        versions: [writer(names), writer(names)],
        untouched: untouched(names),
        done: [checked(names, true, true)],
      };
    },
  },
];

function parents({ other }: CaseNames): string {
  return sql`CREATE TABLE ${other} (id int PRIMARY KEY); INSERT INTO ${other} SELECT generate_series(1, 60); `;
}

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

function checked({ fresh, table }: CaseNames, deferrable: boolean, deferred: boolean): string {
  return (
    `SELECT count(*) = 1 AS holds FROM pg_constraint WHERE conname = ${quoteLiteral(fresh)} ` +
    `AND conrelid = to_regclass(${quoteLiteral(sql`${table}`)}) AND condeferrable = ${deferrable} AND condeferred = ${deferred}`
  );
}
