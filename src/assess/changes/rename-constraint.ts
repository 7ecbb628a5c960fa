import * as v from 'valibot';
import { withQualifiedOutput } from '../../catalog/qualified-output';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { ChangeField, ChangeType, Look } from './change-type';
import { refuseConstraintName } from './constraint-fields';
import { constraintOf, indexOfConstraint, inheritedConstraintBlockers } from './drop-constraint';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('rename-constraint'),
  table: storedName,
  constraint: v.string(),
  to: v.string(),
});

/** A constraint that gets another name. */
export type RenameConstraint = v.InferOutput<typeof stored>;

export const renameConstraint = {
  kind: 'rename-constraint',
  group: 'constraints',
  title: () => t('Rename a constraint'),
  description: () =>
    t('What it requires stays as it is; code that knows it by name is released before it changes.'),
  stored,
  fields: () => [
    { id: 'constraint', asks: 'constraint', label: t('Constraint'), question: () => t('Which constraint?') },
    newNameField(),
  ],
  usage: '--constraint C --to NEW',
  read: (answers): RenameConstraint => ({
    kind: 'rename-constraint',
    table: answers.table(),
    constraint: answers.name('constraint'),
    to: answers.name('to'),
  }),
  answers: ({ constraint, to }) => ({ constraint, to }),
  planChoices: [],
  describe: ({ table, constraint, to }) =>
    t(
      'Rename the constraint {1} of {0} to {2}',
      formatQualifiedName(table),
      formatIdentifier(constraint),
      formatIdentifier(to),
    ),
  words: ({ constraint, to }) => `rename constraint ${constraint} to ${to}`,
  columns: () => [],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only a name changes; no row does, and what is required stays required.'),
  }),
  rewritesRows: () => false,
  states: ({ constraint, to }, table) => ({
    before: [
      t('{0} is called {1}.', constraintOf(table, constraint).definition, formatIdentifier(constraint)),
    ],
    after: [
      t('It is called {0}, also in errors.', formatIdentifier(to)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<RenameConstraint>;

/** Asks for the new name of an index or a constraint. */
export function newNameField(): ChangeField {
  return {
    id: 'to',
    asks: 'name',
    label: t('New name'),
    question: ({ index, constraint }) => t('New name of {0}', index ?? constraint ?? ''),
    hint: t('Write it as it should be; Switchback quotes it where SQL needs that.'),
  };
}

/** The blocker for a name that something of the kind has in the table's schema. */
export async function takenIndexNameBlockers(
  { session, table, signal }: Look,
  name: string,
): Promise<string[]> {
  const { rows } = await session.query<{ taken: boolean }>(
    'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS taken',
    [formatQualifiedName({ schema: table.name.schema, name })],
    { signal },
  );
  if (rows[0]?.taken !== true) return [];
  return [
    t(
      'The schema {0} has something called {1} already. Choose another name.',
      formatIdentifier(table.name.schema),
      formatIdentifier(name),
    ),
  ];
}

async function look({ constraint, to }: RenameConstraint, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ routines: string[]; below: string[] }>(
      surroundingsQuery,
      [formatQualifiedName(table.name), constraint, to],
      { signal },
    ),
  );
  const found = rows[0]!;
  const taken = indexOfConstraint(table, constraint) === null ? [] : await takenIndexNameBlockers(at, to);
  const { kind } = constraintOf(table, constraint);
  // Keys and foreign keys of partitions have names of their own.
  const inherited =
    kind === 'check' || kind === 'not-null' ? await inheritedConstraintBlockers(at, constraint) : [];
  const below = found.below.map((relation) =>
    t('{0}, below it, has a constraint {1} already. Choose another name.', relation, formatIdentifier(to)),
  );
  return {
    namingRoutines: found.routines,
    blockers: [...inherited, ...taken, ...below],
  };
}

/** Which routines hold the name in their text, and which tables below, that are renamed along, have the new one. */
const surroundingsQuery = `
  WITH RECURSIVE own AS (
    SELECT conrelid, contype FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass($1) AND conname = $2
  ), below AS (
    SELECT h.inhrelid FROM own JOIN pg_catalog.pg_inherits h ON h.inhparent = own.conrelid WHERE own.contype IN ('c', 'n')
     UNION
    SELECT h.inhrelid FROM below JOIN pg_catalog.pg_inherits h ON h.inhparent = below.inhrelid
  )
  SELECT ARRAY(SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p
                 JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('c', 'internal')
                WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                  AND p.prosrc ~ ('(^|[^[:alnum:]_])' || regexp_replace($2::text, '([^[:alnum:]_ ])', '\\\\\\1', 'g') || '($|[^[:alnum:]_])')
                ORDER BY 1) AS routines,
         ARRAY(SELECT DISTINCT c.conrelid::regclass::text FROM below
                 JOIN pg_catalog.pg_constraint c ON c.conrelid = below.inhrelid AND c.conname = $3::text ORDER BY 1) AS below`;

function check({ constraint, to }: RenameConstraint, table: TableFacts): void {
  assertIdentifier(to);
  const found = table.constraints.find(({ name }) => name === constraint);
  if (constraint === to || (!found && table.constraints.some(({ name }) => name === to))) {
    throw new SwitchbackError(
      'already-done',
      t(
        '{0} has a constraint of the name {1}. There is nothing to do.',
        formatQualifiedName(table.name),
        formatIdentifier(to),
      ),
    );
  }
  if (constraintOf(table, constraint).kind === 'trigger') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0} is a constraint trigger of {1}. Rename the trigger instead.',
        formatIdentifier(constraint),
        formatQualifiedName(table.name),
      ),
    );
  }
  refuseConstraintName(to, table);
}
