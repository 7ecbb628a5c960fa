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
