import { sql, type CaseNames, type NamedCase } from './recipe-case';

/** Their names sort against their bounds, in whose order queries lock them. */
const leaves = ['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a'].map((letter) => `${letter} of nine`);

/** A partitioned table with an index; `below`: one partition is partitioned itself. */
function partitioned({ schema, table, column, second }: CaseNames, below: boolean): string {
  const partitions = leaves.map((name, place) => {
    const from = place === 0 ? 'MINVALUE' : String(place * 200);
    const to = place === leaves.length - 1 ? 'MAXVALUE' : String((place + 1) * 200);
    return `${sql`CREATE TABLE ${{ schema, name }} PARTITION OF ${table}`} FOR VALUES FROM (${from}) TO (${to});`;
  });
  const last = { schema, name: leaves.at(-1)! };
  const ranged = partitions.pop()!.slice(0, -1);
  const branch = `${ranged} PARTITION BY RANGE (id);
    ${sql`CREATE TABLE ${{ schema, name: `${last.name} two` }} PARTITION OF ${last} FOR VALUES FROM (MINVALUE) TO (2000);
    CREATE TABLE ${{ schema, name: `${last.name} one` }} PARTITION OF ${last} DEFAULT;`}`;
  const flat = sql`CREATE TABLE ${last} PARTITION OF ${table} DEFAULT;`;
  return `${sql`CREATE TABLE ${table} (id int, ${column} int, ${second} text) PARTITION BY RANGE (id);`}
    ${partitions.join('\n')}
    ${below ? branch : flat}
    ${sql`CREATE INDEX ON ${table} (${column} DESC);
    CREATE UNIQUE INDEX ON ${table} (id, ${column});
    INSERT INTO ${table} (id, ${column}) SELECT i, i FROM generate_series(1, 60) i`}`;
}

/** Cases of a type and of a name that change on partitioned tables. */
export const columnPartitionCases: NamedCase[] = [
  typeCase('change-column-type: on partitions whose names sort against their bounds, with indexes', false),
  typeCase('change-column-type: on partitions below partitions, with indexes', true),
  renameCase('rename-column: on partitions whose names sort against their bounds, with indexes', false),
  renameCase('rename-column: on partitions below partitions, with indexes', true),
];

function typeCase(title: string, below: boolean): NamedCase {
  return {
    title,
    build: (names) => {
      const { table, column } = names;
      const version = (value: number) => ({
        writes: (round: number) => [
          sql`INSERT INTO ${table} (id, ${column}) VALUES (${round}, ${value})`,
          sql`UPDATE ${table} SET ${column} = ${value + 1} WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${column} = ${value} FROM ${table} ORDER BY id`],
      });
      return {
        change: { kind: 'change-column-type', table, column, type: 'bigint', using: null, back: null },
        schema: partitioned(names, below),
        versions: [version(500), version(700)],
        untouched: sql`SELECT id, ${column}::text FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [
          sql`SELECT pg_typeof(${column}) = 'bigint'::regtype AS holds FROM ${table} WHERE id = 60`,
          allJoined(names, column),
        ],
      };
    },
  };
}

function renameCase(title: string, below: boolean): NamedCase {
  return {
    title,
    build: (names) => {
      const { table, column, fresh } = names;
      const version = (used: string) => ({
        writes: (round: number) => [
          sql`INSERT INTO ${table} (id, ${used}) VALUES (${round}, 5)`,
          sql`UPDATE ${table} SET ${used} = 6 WHERE id = ${round}`,
        ],
        reads: [sql`SELECT id, ${used} FROM ${table} ORDER BY id`],
      });
      return {
        change: { kind: 'rename-column', table, from: column, to: fresh },
        schema: partitioned(names, below),
        versions: [version(column), version(fresh)],
        agree: sql`SELECT NOT EXISTS (SELECT FROM ${table} WHERE ${column} IS DISTINCT FROM ${fresh}) AS holds`,
        untouched: sql`SELECT id, ${column} FROM ${table} WHERE id <= 60 ORDER BY id`,
        done: [allJoined(names, fresh)],
      };
    },
  };
}

/** Whether the whole and each partition have two valid indexes on the column, all of which are joined. */
function allJoined({ table }: CaseNames, column: string): string {
  const relation = { literal: sql`${table}` };
  return sql`SELECT count(*) = 2 * (1 + count(DISTINCT t.relid)) AND bool_and(i.indisvalid) AS holds
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = ${{ literal: column }} AND a.attnum = ANY (i.indkey::int2[])
      LEFT JOIN pg_partition_tree(${relation}) t ON t.relid = i.indrelid AND t.level > 0
     WHERE i.indrelid = ${relation}::regclass OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = i.indexrelid)`;
}
