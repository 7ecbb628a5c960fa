import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes that give the rows of a table another table. */
export const tableShapeNotes: NotesByKind = {
  'partition-table': () => ({
    pitfalls: [
      {
        pitfall: t(
          'No statement makes a table partitioned: rows have to be copied, and what is written meanwhile is not in the copy.',
        ),
        solution: t(
          'A trigger carries every write to the partitioned table from before the copy, both are compared, and they exchange their names in a short transaction.',
        ),
      },
      {
        pitfall: t('Primary keys and unique constraints have to contain all columns of the partition key.'),
        solution: t('A key that cannot be kept stops the plan before anything runs.'),
      },
      {
        pitfall: t(
          'A row that fits no partition is refused, and a query that does not name the partition key looks into all of them.',
        ),
        solution: t('RANGE and LIST need a default partition, and the plan says which queries stay fast.'),
      },
    ],
    alternatives: [
      {
        instead: t('Attach the table as the first partition of a new one.'),
        why: t(
          'No row is copied, but all old rows stay in one partition, and its bound has to be proved for all of them.',
        ),
      },
      {
        instead: t('Leave one table and remove old rows in batches.'),
        why: t(
          'It is enough where only old rows are too many; dropping a partition is faster than any DELETE.',
        ),
      },
    ],
  }),
  'merge-tables': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Old code makes a row in each table; new code makes one, of which old code that still runs sees nothing.',
        ),
        solution: t(
          'Triggers make, change and delete the row that is missing in the other table until the old one goes.',
        ),
      },
      {
        pitfall: t('A row without values and no row at all are one and the same afterwards.'),
        solution: t('The plan says so. Where it matters, add a column that tells them apart first.'),
      },
    ],
    alternatives: [
      {
        instead: t('Leave both tables and offer a view that joins them.'),
        why: t(
          'It is done in a moment and code reads as if there were one; each row still needs two writes.',
        ),
      },
    ],
  }),
  'split-table': () => ({
    pitfalls: [
      {
        pitfall: t(
          'While two releases run, one writes the columns in the old table and the other in the new one.',
        ),
        solution: t('Triggers keep both tables equal from before the copy until the columns go.'),
      },
      {
        pitfall: t(
          'Triggers on both tables lock their rows in opposite order, so that two versions which change one row at a time may meet in a deadlock.',
        ),
        solution: t('PostgreSQL ends one of both; the plan says so, and that such code has to try again.'),
      },
      {
        pitfall: t('After contract a row may be there without its partner, and an inner join loses it.'),
        solution: t(
          'A foreign key keeps partners without a row away; read by LEFT JOIN, or write both always.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Leave the columns and offer two views.'),
        why: t(
          'It is done in a moment and code reads as if there were two tables; rows stay as wide as they are.',
        ),
      },
    ],
  }),
  'move-to-database': () => ({
    pitfalls: [
      {
        pitfall: t(
          'A transaction on a foreign server sees what was there at its first statement, and is refused rows that others have written since (serialization_failure).',
        ),
        solution: t(
          'The triggers that carry writes are deferred: the transaction there begins when the one here commits and has all its rows locked.',
        ),
      },
      {
        pitfall: t(
          'Both databases commit one after the other, and not in two phases: a crash in between leaves a row in the other one alone.',
        ),
        solution: t(
          'Both sides are compared after the copy and before the exchange, by the rows that no transaction is at work on.',
        ),
      },
      {
        pitfall: t(
          'While two versions write in two databases, each overwrites what it has not seen of the other.',
        ),
        solution: t(
          'There is one place to write at any moment: until the exchange the table here, and from then on the other database, to which the old name leads.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Logical replication: a publication here and a subscription in the other database.'),
        why: t(
          'It copies large tables faster and no COMMIT waits for the other server. It needs wal_level = logical and a restart for it, reads there are behind, and writes are stopped for the moment of the exchange.',
        ),
      },
      {
        instead: t('Dump and restore the table while nobody writes.'),
        why: t('It is simple, and enough where the application may stand still for the time of the copy.'),
      },
    ],
  }),
};
