import type { Session } from '../../database/session';
import type { ConstraintFacts, ForeignKeyFacts } from '../table-facts';
import { columnsOfKey } from './column-lists';
import type { FoundTable } from './find-table';

const kinds: Record<string, ConstraintFacts['kind']> = {
  c: 'check',
  u: 'unique',
  p: 'primary-key',
  x: 'exclusion',
  f: 'foreign-key',
  n: 'not-null',
  t: 'trigger',
};

/** The table's own constraints by name. A partitioned foreign key's inner entries are left out. */
export async function readConstraints(session: Session, table: FoundTable): Promise<ConstraintFacts[]> {
  const { rows } = await session.query<Omit<ConstraintFacts, 'kind'> & { type: string }>(
    `select c.conname::text as name, c.contype as type, pg_get_constraintdef(c.oid) as definition,
            ${columnsOfKey('c.conrelid', 'c.conkey')} as columns, c.convalidated as validated,
            c.condeferrable as deferrable, c.condeferred as deferred, not c.conislocal as inherited,
            obj_description(c.oid, 'pg_constraint') as comment
       from pg_constraint c
      where c.conrelid = $1
        and not exists (select from pg_constraint p where p.oid = c.conparentid and p.conrelid = c.conrelid)
      order by c.conname`,
    [table.oid],
  );
  return rows.map(({ type, ...row }) => ({ ...row, kind: kinds[type]! }));
}

/** Foreign keys in one direction, by table and name. */
export async function readForeignKeys(
  session: Session,
  table: FoundTable,
  direction: 'out' | 'in',
): Promise<ForeignKeyFacts[]> {
  const side = direction === 'out' ? 'conrelid' : 'confrelid';
  const { rows } = await session.query<{
    name: string;
    from_schema: string;
    from_name: string;
    from_columns: string[];
    to_schema: string;
    to_name: string;
    to_columns: string[];
    definition: string;
    validated: boolean;
    comment: string | null;
  }>(
    `select c.conname::text as name, fn.nspname::text as from_schema, f.relname::text as from_name,
            tn.nspname::text as to_schema, t.relname::text as to_name,
            ${columnsOfKey('c.conrelid', 'c.conkey')} as from_columns, ${columnsOfKey('c.confrelid', 'c.confkey')} as to_columns,
            pg_get_constraintdef(c.oid) as definition, c.convalidated as validated,
            obj_description(c.oid, 'pg_constraint') as comment
       from pg_constraint c
       join pg_class f on f.oid = c.conrelid join pg_namespace fn on fn.oid = f.relnamespace
       join pg_class t on t.oid = c.confrelid join pg_namespace tn on tn.oid = t.relnamespace
      where c.contype = 'f' and c.${side} = $1
        and not exists (select from pg_constraint p where p.oid = c.conparentid and p.${side} = c.${side})
      order by fn.nspname, f.relname, c.conname`,
    [table.oid],
  );
  return rows.map((row) => ({
    name: row.name,
    from: { schema: row.from_schema, name: row.from_name },
    fromColumns: row.from_columns,
    to: { schema: row.to_schema, name: row.to_name },
    toColumns: row.to_columns,
    definition: row.definition,
    validated: row.validated,
    comment: row.comment,
  }));
}
