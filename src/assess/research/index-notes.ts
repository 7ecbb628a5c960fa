import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to indexes and statistics. */
export const indexNotes: NotesByKind = {
  'add-index': () => ({
    pitfalls: [
      {
        pitfall: t('CREATE INDEX takes SHARE and stops all writes until every row is in the index.'),
        solution: t('CREATE INDEX CONCURRENTLY takes SHARE UPDATE EXCLUSIVE; reads and writes go on.'),
      },
      {
        pitfall: t(
          'CONCURRENTLY fails in a transaction and on a partitioned table, and leaves an invalid index behind when it is interrupted.',
        ),
        solution: t(
          'It runs alone; partitions get theirs one by one, attached at the end; an invalid one is dropped first.',
        ),
      },
      {
        pitfall: t('A build waits for every transaction that is older than it, in other tables too.'),
        solution: t('Long transactions are shown before it begins.'),
      },
    ],
    alternatives: [
      {
        instead: t('CREATE INDEX in a maintenance window.'),
        why: t('It reads the table once and not twice, so it is faster, but nobody writes meanwhile.'),
      },
    ],
  }),
  'drop-index': () => ({
    pitfalls: [
      {
        pitfall: t('DROP INDEX takes ACCESS EXCLUSIVE on the table and queues behind its longest query.'),
        solution: t(
          'DROP INDEX CONCURRENTLY waits without blocking anybody; only an index of a partitioned table needs the short lock.',
        ),
      },
      {
        pitfall: t(
          'An index that is seldom used may be the one that a monthly report, or a replica, cannot do without.',
        ),
        solution: t(
          'How often it was scanned is shown, with the hint that replicas count for themselves; the way back builds it again as it was.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Hide it from the planner for a while before it goes.'),
        why: t(
          'PostgreSQL has no supported switch for that: writing pg_index by hand needs a superuser and is not safe.',
        ),
      },
    ],
  }),
  'rename-index': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ALTER TABLE ... RENAME on an index takes ACCESS EXCLUSIVE where ALTER INDEX ... RENAME does not.',
        ),
        solution: t('ALTER INDEX takes SHARE UPDATE EXCLUSIVE on the index and leaves the table alone.'),
      },
      {
        pitfall: t('REINDEX and CLUSTER in maintenance scripts, and hints of extensions, name an index.'),
        solution: t('No query of an application names one; look at those scripts before it is renamed.'),
      },
    ],
    alternatives: [
      {
        instead: t('Build one with the new name and drop the old one.'),
        why: t('It reads the whole table to change nothing but a name.'),
      },
    ],
  }),
  'add-statistics': () => ({
    pitfalls: [
      {
        pitfall: t('CREATE STATISTICS only defines them: the planner has nothing until ANALYZE has run.'),
        solution: t('The plan says so, and autovacuum or an ANALYZE fills them.'),
      },
      {
        pitfall: t('Plans of queries may change, and not each for the better.'),
        solution: t('Dropping them is a change of the catalog, and the way back.'),
      },
    ],
    alternatives: [
      {
        instead: t('Raise the statistics target of the columns.'),
        why: t('It makes each column better known by itself and says nothing of how they go together.'),
      },
    ],
  }),
  'drop-statistics': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Estimates over several columns fall back to independence, which can change a plan from one query to the next.',
        ),
        solution: t('The definition, with owner, comment and target, is kept for the way back.'),
      },
      {
        pitfall: t(
          'What was gathered is lost: after the way back the planner has nothing until ANALYZE has run.',
        ),
        solution: t('The plan says that ANALYZE has to follow the way back.'),
      },
    ],
    alternatives: [
      {
        instead: t('Keep them and lower what is gathered.'),
        why: t('It is right where only ANALYZE takes too long; unused ones are better gone.'),
      },
    ],
  }),
  'set-statistics-target': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Nothing is gathered by the statement itself, which takes SHARE UPDATE EXCLUSIVE for a moment.',
        ),
        solution: t('The plan says that the target counts from the next ANALYZE on.'),
      },
      {
        pitfall: t('The target of a partitioned table alone leaves its partitions as they were.'),
        solution: t('All tables below get the same target, and their own one back on the way back.'),
      },
    ],
    alternatives: [
      {
        instead: t('Raise default_statistics_target.'),
        why: t('It holds for every column of the database: each ANALYZE and each planning gets dearer.'),
      },
    ],
  }),
};
