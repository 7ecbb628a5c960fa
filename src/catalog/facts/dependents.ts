import type { Session } from '../../database/session';
import type { QualifiedName } from '../../sql/identifier';
import type { ColumnFacts, ConstraintFacts, Dependents, IndexFacts, TriggerFacts } from '../table-facts';
import { columnsInTree, columnsUsedBy } from './column-lists';
import type { FoundTable } from './find-table';
import { readRoutineDependents } from './routines';
import { readViewDependents } from './views';

export interface OwnParts {
  columns: ColumnFacts[];
  indexes: IndexFacts[];
  constraints: ConstraintFacts[];
  triggers: TriggerFacts[];
}

/** What depends on the table's columns: its own parts, and other objects. */
export async function readDependents(
  session: Session,
  table: FoundTable,
  own: OwnParts,
): Promise<Dependents> {
  const columns = own.columns.map(({ name }) => name);
  return {
    views: await readViewDependents(session, table),
    routines: await readRoutineDependents(session, table, columns),
    policies: await readPolicyDependents(session, table),
    generatedColumns: await readGeneratedColumns(session, table),
    triggers: own.triggers
      .filter((trigger) => trigger.columns.length > 0)
      .map(({ name, columns: used }) => ({ name, columns: used })),
    statistics: await readStatistics(session, table),
    expressionIndexes: own.indexes
      .filter((index) => index.expressionColumns.length > 0)
      .map((index) => ({ name: index.name, columns: index.expressionColumns, definition: index.definition })),
    checks: own.constraints
      .filter((constraint) => constraint.kind === 'check')
      .map(({ name, columns: used, definition }) => ({ name, columns: used, definition })),
    rules: await readRules(session, table),
    sequences: await readSequences(session, table),
  };
}

/** Policies of this table and of others that look at it. */
async function readPolicyDependents(session: Session, table: FoundTable): Promise<Dependents['policies']> {
  const { rows } = await session.query<QualifiedName & { policy: string; columns: string[] }>(
    `select p.polname::text as policy, n.nspname::text as schema, c.relname::text as name, ${columnsUsedBy('pg_policy', 'p.oid', '$1')} as columns
       from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where exists (select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
                       and d.refobjid = $1 and d.refobjsubid > 0)
      order by 2, 3, 1`,
    [table.oid],
  );
  return rows.map(({ policy, schema, name, columns }) => ({
    name: policy,
    table: { schema, name },
    columns,
  }));
}

async function readGeneratedColumns(
  session: Session,
  table: FoundTable,
): Promise<Dependents['generatedColumns']> {
  const { rows } = await session.query<{ column: string; columns: string[] }>(
    `select a.attname::text as column, ${columnsInTree('d.adbin::text', 'a.attrelid')} as columns
       from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = $1 and a.attgenerated <> '' and not a.attisdropped order by a.attnum`,
    [table.oid],
  );
  return rows;
}

async function readStatistics(session: Session, table: FoundTable): Promise<Dependents['statistics']> {
  const { rows } = await session.query<QualifiedName & { columns: string[]; definition: string }>(
    `select n.nspname::text as schema, s.stxname::text as name, pg_get_statisticsobjdef(s.oid) as definition,
            ${columnsUsedBy('pg_statistic_ext', 's.oid', 's.stxrelid')} as columns
       from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where s.stxrelid = $1 order by 1, 2`,
    [table.oid],
  );
  return rows.map(({ schema, name, columns, definition }) => ({
    name: { schema, name },
    columns,
    definition,
  }));
}

async function readRules(session: Session, table: FoundTable): Promise<Dependents['rules']> {
  const { rows } = await session.query<Dependents['rules'][number]>(
    `select r.rulename::text as name, pg_get_ruledef(r.oid) as definition, ${columnsUsedBy('pg_rewrite', 'r.oid', '$1')} as columns
       from pg_rewrite r where r.rulename <> '_RETURN'
        and (r.ev_class = $1 or exists (select from pg_depend d where d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                                           and d.refclassid = 'pg_class'::regclass and d.refobjid = $1))
      order by 1`,
    [table.oid],
  );
  return rows;
}

async function readSequences(session: Session, table: FoundTable): Promise<Dependents['sequences']> {
  const { rows } = await session.query<QualifiedName & { column: string }>(
    `select n.nspname::text as schema, c.relname::text as name, a.attname::text as column
       from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = $1 and d.deptype in ('a', 'i')
      order by 1, 2`,
    [table.oid],
  );
  return rows.map(({ schema, name, column }) => ({ name: { schema, name }, columns: [column] }));
}
