import { quoteLiteral, type QualifiedName } from '../../src/sql/identifier';
import { sql, type CaseNames } from './recipe-case';

/** A partitioned table with a leaf, and a partition that is partitioned itself. */
export function nestedPartitions({ schema, table, column, second }: CaseNames, columns: string): string {
  const part = (name: string): { schema: string; name: string } => ({ schema, name });
  return sql`CREATE TABLE ${table} (`.concat(
    columns,
    sql`) PARTITION BY RANGE (id);
      CREATE TABLE ${part('low')} PARTITION OF ${table} FOR VALUES FROM (0) TO (30);
      CREATE TABLE ${part('high')} PARTITION OF ${table} DEFAULT PARTITION BY RANGE (id);
      CREATE TABLE ${part('high one')} PARTITION OF ${part('high')} FOR VALUES FROM (30) TO (50);
      CREATE TABLE ${part('high rest')} PARTITION OF ${part('high')} DEFAULT;
      CREATE TABLE ${part('not a part')} (id int);
      INSERT INTO ${table} (id, ${column}, ${second}) SELECT i, i, 'n ' || i FROM generate_series(1, 60) i`,
  );
}

/** A query that holds where the table has that many valid constraints of a kind, its partitions' left out. */
export function constraintCount(table: QualifiedName, type: string, count: number): string {
  return (
    `SELECT count(*) = ${count} AS holds FROM pg_constraint WHERE contype = '${type}' AND convalidated AND conrelid = ` +
    `to_regclass(${quoteLiteral(sql`${table}`)})`
  );
}
