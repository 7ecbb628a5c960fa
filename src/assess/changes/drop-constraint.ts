import * as v from 'valibot';
import { withQualifiedOutput } from '../../catalog/qualified-output';
import type { ConstraintFacts, IndexFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings, ConstraintPart } from '../change-facts';
import { keptIndexBlockers, readIndexParts } from '../index-parts';
import { readIndexSurroundings } from '../partition-tree';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({ kind: v.literal('drop-constraint'), table: storedName, constraint: v.string() });

/** A constraint that goes. */
export type DropConstraint = v.InferOutput<typeof stored>;

export const dropConstraint = {
  kind: 'drop-constraint',
  group: 'constraints',
  title: () => t('Drop a constraint'),
  description: () =>
    t('After the release that does without it; the way back puts it there again as it was, proved.'),
  stored,
  fields: () => [
    { id: 'constraint', asks: 'constraint', label: t('Constraint'), question: () => t('Which constraint?') },
  ],
  usage: '--constraint C',
  read: (answers): DropConstraint => ({
    kind: 'drop-constraint',
    table: answers.table(),
    constraint: answers.name('constraint'),
  }),
  answers: ({ constraint }) => ({ constraint }),
  planChoices: [],
  describe: ({ table, constraint }) =>
    t('Drop the constraint {1} of {0}', formatQualifiedName(table), formatIdentifier(constraint)),
  words: ({ constraint }) => `drop constraint ${constraint}`,
  columns: () => [],
  law: () => null,
  look: lookAtConstraint,
  check: ({ constraint }, table) => refuseOtherKinds(constraintOf(table, constraint), table),
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('A constraint is dropped; no row is lost, but rows may come that it would have refused.'),
  }),
  rewritesRows: () => false,
  states: ({ constraint }, table) => ({
    before: [
      t(
        '{0} requires of its rows: {1}.',
        formatQualifiedName(table.name),
        constraintOf(table, constraint).definition,
      ),
    ],
    after: [
      t(
        'The constraint {0} is gone, and nothing of it is required of new rows.',
        formatIdentifier(constraint),
      ),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<DropConstraint>;

/** One constraint of the table. Throws `not-found`, with the names there are. */
export function constraintOf(table: TableFacts, constraint: string): ConstraintFacts {
  const found = table.constraints.find(({ name }) => name === constraint);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no constraint {0} of {1}. Choose one of its constraints: {2}.',
      formatIdentifier(constraint),
      formatQualifiedName(table.name),
      table.constraints.map(({ name }) => formatIdentifier(name)).join(', ') || t('it has none'),
    ),
  );
}

/** The index of a unique, primary key or exclusion constraint; null for the others. */
export function indexOfConstraint(table: TableFacts, constraint: string): IndexFacts | null {
  return table.indexes.find((index) => index.constraint === constraint) ?? null;
}

/** The blocker for a constraint that came from a table above, which alone may change it. */
export async function inheritedConstraintBlockers(
  { session, table, signal }: Look,
  constraint: string,
): Promise<string[]> {
  const { rows } = await session.query<{ inherited: boolean }>(
    `SELECT coninhcount > 0 AS inherited FROM pg_catalog.pg_constraint
      WHERE conrelid = pg_catalog.to_regclass($1) AND conname = $2`,
    [formatQualifiedName(table.name), constraint],
    { signal },
  );
  if (rows[0]?.inherited !== true) return [];
  return [
    t(
      '{0} comes from {1}. Plan the change on that table.',
      formatIdentifier(constraint),
      [table.partitionOf ?? [], ...table.inherits].flat().map(formatQualifiedName).join(', '),
    ),
  ];
}

/** The blocker for what depends on a constraint itself, such as a view that groups by a primary key. */
export async function dependentBlockers(
  { session, table, signal }: Look,
  constraint: string,
): Promise<string[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ dependent: string }>(
      `SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0) AS dependent
         FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_depend d ON d.refobjid = c.oid
        WHERE c.conrelid = pg_catalog.to_regclass($1) AND c.conname = $2
          AND d.refclassid = 'pg_catalog.pg_constraint'::regclass AND d.deptype = 'n' ORDER BY 1`,
      [formatQualifiedName(table.name), constraint],
      { signal },
    ),
  );
  if (rows.length === 0) return [];
  return [
    t(
      'This depends on {0}: {1}. Change or drop it first.',
      formatIdentifier(constraint),
      rows.map(({ dependent }) => dependent).join(', '),
    ),
  ];
}

async function lookAtConstraint({ constraint }: DropConstraint, at: Look): Promise<ChangeFindings> {
  const inherited = await inheritedConstraintBlockers(at, constraint);
  if (inherited.length > 0) return { blockers: inherited };
  const blockers = await dependentBlockers(at, constraint);
  const index = indexOfConstraint(at.table, constraint);
  if (index === null) return { blockers, constraintParts: await readConstraintParts(at, constraint) };
  blockers.push(...(await keptIndexBlockers(at, index.name)));
  if (index.primary) blockers.push(...(await identityBlockers(at)));
  return {
    ...(await readIndexSurroundings(at)),
    indexParts: await readIndexParts(at, index.name),
    blockers,
  };
}

/** Why a primary key has to stay: subscribers find rows by it. */
export async function identityBlockers({ session, table, signal }: Look): Promise<string[]> {
  if (table.replicaIdentity !== 'default') return [];
  const { rows } = await session.query<{ name: string }>(
    `SELECT DISTINCT p.pubname::text AS name FROM pg_catalog.pg_publication p
       JOIN pg_catalog.pg_publication_tables t USING (pubname)
       JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
      WHERE (p.pubupdate OR p.pubdelete) AND (c.oid = pg_catalog.to_regclass($1)
         OR c.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)))) ORDER BY 1`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  if (rows.length === 0) return [];
  return [
    t(
      'The updates or deletes of {0} are published by {1}, which find a row by the primary key. Choose another identity first (set-replica-identity).',
      formatQualifiedName(table.name),
      rows.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}

/** A CHECK or foreign key with what came of it below: a CHECK by its name, a foreign key by its origin. */
async function readConstraintParts(
  { session, table, signal }: Look,
  constraint: string,
): Promise<ConstraintPart[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Omit<ConstraintPart, 'table'> & { table_schema: string; table_name: string }>(
      `WITH RECURSIVE part AS (
         SELECT c.oid, c.conrelid, 0 AS level FROM pg_catalog.pg_constraint c
          WHERE c.conrelid = pg_catalog.to_regclass($1) AND c.conname = $2
          UNION
         SELECT c.oid, c.conrelid, part.level + 1 FROM part
           JOIN pg_catalog.pg_inherits h ON h.inhparent = part.conrelid
           JOIN pg_catalog.pg_constraint own ON own.oid = part.oid
           JOIN pg_catalog.pg_constraint c ON c.conrelid = h.inhrelid AND c.contype = own.contype AND c.coninhcount > 0
            AND CASE c.contype WHEN 'f' THEN c.conparentid = own.oid ELSE c.conname = own.conname END
       )
       SELECT n.nspname::text AS table_schema, t.relname::text AS table_name, c.conname::text AS name,
              pg_catalog.obj_description(c.oid, 'pg_constraint') AS comment, c.convalidated AS validated, t.relkind <> 'p' AS leaf
         FROM part JOIN pg_catalog.pg_constraint c ON c.oid = part.oid JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
        ORDER BY part.level, n.nspname, t.relname`,
      [formatQualifiedName(table.name), constraint],
      { signal },
    ),
  );
  return rows.map(({ table_schema, table_name, ...part }) => ({
    ...part,
    table: { schema: table_schema, name: table_name },
  }));
}

function refuseOtherKinds({ kind, name, columns }: ConstraintFacts, table: TableFacts): void {
  if (kind === 'not-null') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} says that {1} of {2} takes no NULL. Plan that as drop-not-null of the column.',
        formatIdentifier(name),
        columns.map(formatIdentifier).join(', '),
        formatQualifiedName(table.name),
      ),
    );
  }
  if (kind === 'trigger') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is a constraint trigger of {1}. Drop the trigger instead.',
        formatIdentifier(name),
        formatQualifiedName(table.name),
      ),
    );
  }
}
