import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes that give the values of columns another form. */
export const columnValueNotes: NotesByKind = {
  'split-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'While two releases run, one writes the whole and the other the parts, and each misses what the other wrote.',
        ),
        solution: t('A trigger keeps both sides true until no code uses the whole.'),
      },
      {
        pitfall: t(
          'One UPDATE of all rows holds its row locks to the end and leaves as many dead rows as there are rows.',
        ),
        solution: t('The parts are filled in small batches, each in a transaction of its own.'),
      },
    ],
    alternatives: [
      {
        instead: t('Make the parts generated columns of the whole.'),
        why: t('Nobody could write a part: the whole stays what is written.'),
      },
    ],
  }),
  'merge-columns': () => ({
    pitfalls: [
      {
        pitfall: t(
          'While two releases run, one writes the parts and the other the whole, and each misses what the other wrote.',
        ),
        solution: t('A trigger keeps both sides true until no code uses the parts.'),
      },
      {
        pitfall: t(
          'One UPDATE of all rows holds its row locks to the end and leaves as many dead rows as there are rows.',
        ),
        solution: t('The whole is filled in small batches, each in a transaction of its own.'),
      },
    ],
    alternatives: [
      {
        instead: t('Make the whole a generated column of the parts.'),
        why: t('It is right where the parts stay; here they go.'),
      },
    ],
  }),
  'hash-column': () => ({
    pitfalls: [
      {
        pitfall: t('A value that was replaced by its hash cannot be had back from it.'),
        solution: t(
          'The plain value goes last, and the step after which it is not known is the point of no return. What is needed again is encrypted, with a way back (--back).',
        ),
      },
      {
        pitfall: t('Whoever still looks for the plain value finds no row, and a key in SQL is in every log.'),
        solution: t(
          'Both are there, kept in step, until all readers look for the new one; a key comes from a function of yours.',
        ),
      },
      {
        pitfall: t(
          'Old row versions, backups and the WAL still hold the plain values after the column is dropped.',
        ),
        solution: t(
          'Where that matters, rewrite the table in a maintenance window and let old backups expire.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Encrypt in the application, which alone has the key.'),
        why: t(
          'The database then never sees a plain value, but cannot compute what rows get: those that are there are filled by the application.',
        ),
      },
      {
        instead: t('Take the privilege to read the column away.'),
        why: t('Nothing is rewritten, but owners, superusers, backups and replicas still have the value.'),
      },
    ],
  }),
  'move-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'While two releases run, one writes the columns in one table and the other in the other one.',
        ),
        solution: t('Triggers carry every write to the other table until the columns go.'),
      },
      {
        pitfall: t(
          'An UPDATE that reads the values of another table writes what it saw when it began, also over what was written there since.',
        ),
        solution: t(
          'Each row is locked before its values are read, and whoever writes them locks that row, too, before it commits.',
        ),
      },
      {
        pitfall: t(
          'Where several rows refer to one, there is room for one value, and they may have several.',
        ),
        solution: t('The plan stops where they do not agree; from then on what one gets, all get.'),
      },
    ],
    alternatives: [
      {
        instead: t('Leave the columns and read them by a view that joins both tables.'),
        why: t('It is done in a moment; where several rows refer to one, they may still disagree.'),
      },
    ],
  }),
  'widen-key': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ALTER COLUMN ... TYPE bigint rewrites the table and every index under ACCESS EXCLUSIVE, and so does each table that refers to the key.',
        ),
        solution: t(
          'Wide columns stand beside the key and all that refer to it, kept equal by triggers and filled in batches; one short transaction exchanges them.',
        ),
      },
      {
        pitfall: t(
          'The sequence keeps its maximum, and a foreign key whose column stays narrow refuses greater keys.',
        ),
        solution: t(
          'The sequence becomes wider with the key, and foreign keys are followed from table to table.',
        ),
      },
      {
        pitfall: t('Code that holds the key in 32 bits fails at the first greater value, months later.'),
        solution: t('The release that takes both types comes before the exchange.'),
      },
    ],
    alternatives: [
      {
        instead: t('Let the sequence count through the negative numbers.'),
        why: t(
          'It wins time in a moment and doubles the room, but order and code that expects positive keys break.',
        ),
      },
      {
        instead: t('Change the type in place in a maintenance window.'),
        why: t('It is right for small tables; on large ones nobody reads or writes until all is rewritten.'),
      },
    ],
  }),
};
