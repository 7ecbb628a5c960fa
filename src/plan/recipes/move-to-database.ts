import type { MoveToDatabase } from '../../assess/changes/move-to-database';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { databaseMoveBlockers } from '../pieces/move-to-database-blockers';
import { isMirroredThere } from '../pieces/move-to-database-functions';
import { databaseMoveParts, type DatabaseMoveParts } from '../pieces/move-to-database-parts';
import {
  copyThereStep,
  dropBeforeStep,
  endStandInStep,
  endWayBackStep,
  equalThereStep,
  foreignTableStep,
  mirrorThereStep,
  standInStep,
  whyMoved,
} from '../pieces/move-to-database-steps';
import { laterThere, tableThere } from '../pieces/move-to-database-tables';
import { deployStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

type Context = RecipeContext<MoveToDatabase>;

/**
 * Fills a table of another database beside the one here, lets the old name lead there, and takes it away when all code
 * uses the other database itself.
 * https://www.postgresql.org/docs/current/postgres-fdw.html
 */
export const moveToDatabaseRecipe: Recipe<MoveToDatabase> = {
  id: 'move-to-database',
  blockers: (_change, { table }) => databaseMoveBlockers(table),
  phases: (context) => {
    const parts = databaseMoveParts(context);
    const { options, there } = parts;
    const relation = formatQualifiedName(parts.table.name);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('{0} of the other database gets every write.', formatQualifiedName(there)),
          steps: [tableThereStep(parts), foreignTableStep(parts), mirrorThereStep(parts)],
        },
        {
          name: 'migrate',
          goal: t('The application reads and writes {0} of the other database.', formatQualifiedName(there)),
          steps: [
            copyThereStep(parts),
            equalThereStep(parts, 'check-equal'),
            readThereStep(parts, context),
            waitStep(
              options.deprecationDays,
              t('{0} here and the table there have the same rows.', relation),
              t('What reads from the other database shows meanwhile whether it bears the load.'),
            ),
            equalThereStep(parts, 'check-equal-again'),
            standInStep(parts),
            endWayBackStep(parts),
            writeThereStep(parts),
            waitStep(
              options.deprecationDays,
              t('Code that uses {0} still works: it leads to the other database.', relation),
              t('Jobs that run monthly and people with scripts of their own may still use the old name.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('Nothing of the table is in this database.'),
          steps: [endStandInStep(parts), dropBeforeStep(parts)],
        },
      ],
      noReturn: { slug: 'end-way-back', why: whyMoved(parts) },
      notes: notesOf(parts),
    });
  },
};

function tableThereStep(parts: DatabaseMoveParts): StepDraft {
  const { table, there, server } = parts;
  const name = formatQualifiedName(there);
  const own = table.columns
    .filter(({ typeName }) => typeName.schema !== 'pg_catalog')
    .map(({ type }) => type);
  return deployStep({
    slug: 'table-there',
    title: t('Make {0} in the other database', name),
    action: t('The migrations of that database make it, as they make their other tables.'),
    instructions: [
      t(
        'Run the statements of the example in the database that the foreign server {0} leads to.',
        formatIdentifier(server),
      ),
      t(
        'Give the role of its user mapping SELECT, INSERT, UPDATE, DELETE and TRUNCATE on {0}, and let nobody else write it until the plan says so.',
        name,
      ),
      ...(own.length === 0
        ? []
        : [t('Make these types there first, with the same values: {0}.', [...new Set(own)].join(', '))]),
      t('Functions and sequences that its defaults and checks name have to be there, too.'),
    ].join(' '),
    rollbackInstructions: t('Drop {0} there when all other steps are taken back.', name),
    sample: tableThere(parts),
    holds: [`EXISTS (SELECT FROM pg_catalog.pg_foreign_server WHERE srvname = ${quoteLiteral(server)})`],
    expectation: t('The foreign server is there; the next step asks it for the table.'),
  });
}

function readThereStep(parts: DatabaseMoveParts, { assessment }: Context): StepDraft {
  const { table, there } = parts;
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(there)];
  const later = laterThere(parts);
  return deployStep({
    slug: 'read-there',
    title: t('Release the application that reads {0} of the other database', name),
    action: t('It goes on writing {0} here, from where everything is carried there.', relation),
    instructions:
      [
        ...(later.length === 0
          ? []
          : [
              t(
                'First add in the other database what could not be there while rows were copied: {0}',
                later.join(' '),
              ),
            ]),
        t(
          'Read {0} over a connection to the other database; what is written here can be read there once it is committed.',
          name,
        ),
        t(
          'Write {0} here only by statements that foreign tables know, since it will lead to one: no ON CONFLICT with columns or a constraint, no COPY, TRUNCATE, MERGE or TABLESAMPLE.',
          relation,
        ),
        t('Try a transaction again that is refused with serialization_failure (40001).'),
        t(
          'Join {0} with no other table in one statement: ask both databases, one after the other.',
          relation,
        ),
        t('Release it to all instances.'),
      ].join(' ') + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: {0} here has all rows.', relation),
    holds: [isMirroredThere(parts)],
    expectation: t('Writes are carried there.'),
  });
}

function writeThereStep(parts: DatabaseMoveParts): StepDraft {
  const { table, there, facts } = parts;
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(there)];
  return deployStep({
    slug: 'write-there',
    title: t('Release the application that writes {0} of the other database', name),
    action: t('Versions before it go on writing through {0} here, and so into the same table.', relation),
    instructions: [
      ...(facts.sequences.length === 0
        ? []
        : [
            t(
              'Before the release, let numbers there begin with a distance, since versions before it still take theirs here. Run in the other database: {0}',
              facts.sequences.map(({ column }) => distance(parts, column)).join(' '),
            ),
          ]),
      t(
        'Write {0} over the connection to the other database alone, and use {1} for nothing any more.',
        name,
        relation,
      ),
      t(
        'What one transaction wrote in both databases is two from now on: say which comes first, and what is done when the second fails.',
      ),
      t('Release it to all instances.'),
    ].join(' '),
    rollbackInstructions: t('Release the previous version again: {0} leads to the same rows.', relation),
    holds: [`EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)} AND relkind = 'v')`],
    expectation: t('{0} leads to the other database, for versions that use it.', relation),
  });
}

/** Far enough for what versions before insert until they are gone. */
function distance({ table, there }: DatabaseMoveParts, column: string): string {
  const [name, quoted] = [formatQualifiedName(there), formatIdentifier(column)];
  const isSmall = table.columns.some((each) => each.name === column && each.type === 'smallint');
  return (
    `SELECT setval(pg_get_serial_sequence(${quoteLiteral(name)}, ${quoteLiteral(column)}), ` +
    `(SELECT coalesce(max(${quoted}), 0) + ${isSmall ? 1000 : 100_000} FROM ${name}));`
  );
}

function notesOf({ table, there, facts, server }: DatabaseMoveParts): string[] {
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(there)];
  return [
    t(
      'A transaction that writes {0} commits in the other database a moment before it commits here, and not in two phases: a crash, or a refusal of a SERIALIZABLE transaction, between both leaves there what is not here. The steps that compare find it; the next write of the row mends it.',
      relation,
    ),
    t(
      'Each session that writes {0} opens a connection to the other server, which has to allow as many as there are sessions here (max_connections).',
      relation,
    ),
    t(
      'While writes are carried, COMMIT waits for the other server and fails when it does not answer, which the rollback of "mirror-writes" ends; lock_timeout here does not hold there. Limit it on the foreign server: ALTER SERVER {0} OPTIONS (ADD connect_timeout {1}, ADD options {2}).',
      formatIdentifier(server),
      quoteLiteral('5'),
      quoteLiteral('-c lock_timeout=2s -c statement_timeout=60s'),
    ),
    t(
      'Until the exchange these fail: PREPARE TRANSACTION after a write of {0}; TRUNCATE or ALTER TABLE of it in the transaction that wrote it. SET CONSTRAINTS ALL IMMEDIATE has rows carried at once, which the other server may refuse with serialization_failure.',
      relation,
    ),
    t(
      'Rows are copied one by one over the network, because postgres_fdw sends no batches where it has to tell what was written: the time of the copy is that of as many round trips.',
    ),
    t(
      'From the exchange on, rows of {0} that code reads through the old name come over the network: what {1} has no index for is read whole there, and joins are made here.',
      relation,
      name,
    ),
    t(
      'A rehearsal in a shadow database fails at "foreign-table", unless the foreign server and a user mapping are there: passwords belong in no migration. Rehearse the plan with copies of both databases.',
    ),
    ...(facts.routines.length === 0
      ? []
      : [
          t(
            'These routines name {0} in their text, go on through the old name, and fail when it is taken away: {1}.',
            relation,
            facts.routines.join(', '),
          ),
        ]),
  ];
}
