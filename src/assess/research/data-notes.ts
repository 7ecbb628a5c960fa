import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to rows. */
export const dataNotes: NotesByKind = {
  'backfill-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'One UPDATE of all rows locks each of them until it commits and leaves as many dead rows, which swell table and WAL.',
        ),
        solution: t(
          'Small batches, each committed, that slow down when replicas lag and let VACUUM keep up.',
        ),
      },
      {
        pitfall: t('After an UPDATE nobody knows what the values were.'),
        solution: t('The old values are remembered before, until contract forgets them.'),
      },
    ],
    alternatives: [
      {
        instead: t('Compute the value when it is read.'),
        why: t('No row is written, but no index helps and each reader has to do it alike.'),
      },
    ],
  }),
  'move-rows': () => ({
    pitfalls: [
      {
        pitfall: t(
          'INSERT ... SELECT and then DELETE over many rows runs long, and rows that change between the two are lost or are in both tables.',
        ),
        solution: t(
          'Each row is deleted and written in one statement, in small batches, each in a transaction of its own.',
        ),
      },
      {
        pitfall: t('Code that asks one table alone misses what has moved, without any error.'),
        solution: t(
          'The release that reads and changes rows in both tables comes before the first row moves.',
        ),
      },
      {
        pitfall: t('ON DELETE of foreign keys and DELETE triggers take a moved row for one that is gone.'),
        solution: t('Both are looked at first: they stop the plan or are named in it.'),
      },
    ],
    alternatives: [
      {
        instead: t('Partition the table and detach partitions.'),
        why: t('It is the better way for what goes regularly; for one move it is a rebuild of the table.'),
      },
      {
        instead: t('A partial index over the rows that are in use.'),
        why: t('No row moves, and queries for those are as fast; the table keeps its size.'),
      },
    ],
  }),
  'purge-rows': () => ({
    pitfalls: [
      {
        pitfall: t(
          'One DELETE of many rows runs long, keeps VACUUM from cleaning up and makes replicas lag.',
        ),
        solution: t('Small batches, each committed, that slow down when replicas lag.'),
      },
      {
        pitfall: t('ON DELETE CASCADE takes rows of other tables along that nobody counted.'),
        solution: t(
          'Foreign keys that refer to the table are looked at before, with what they do to its rows.',
        ),
      },
      {
        pitfall: t('The space of deleted rows goes back to the table, not to the disk.'),
        solution: t('New rows use it again; only a rewrite gives it back, which this plan does not do.'),
      },
    ],
    alternatives: [
      {
        instead: t('Partition by time and drop old partitions.'),
        why: t('It is the better way for what goes regularly; for one purge it is a rebuild of the table.'),
      },
    ],
  }),
  'remove-duplicates': () => ({
    pitfalls: [
      {
        pitfall: t('While rows are removed, new duplicates are written.'),
        solution: t('The release that writes none comes before, and the rows are counted again at the end.'),
      },
      {
        pitfall: t(
          'One statement that joins the table with itself runs long and holds the locks of all rows it deletes.',
        ),
        solution: t('Groups are found once and removed in small batches, each committed.'),
      },
      {
        pitfall: t('Rows that refer to one that goes keep it from going, or go along.'),
        solution: t('Foreign keys that refer to the table are looked at before.'),
      },
    ],
    alternatives: [
      {
        instead: t('Copy the rows that stay into a new table and exchange the two.'),
        why: t('It is faster where most rows go, but writes have to stop or be caught up meanwhile.'),
      },
    ],
  }),
};
