import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to whole tables. */
export const tableNotes: NotesByKind = {
  'create-table': () => ({
    pitfalls: [
      {
        pitfall: t(
          'A foreign key of the new table takes SHARE ROW EXCLUSIVE on the table it refers to and waits for its writers.',
        ),
        solution: t('The table comes in one short transaction that waits no longer than lock_timeout.'),
      },
      {
        pitfall: t('CREATE TABLE IF NOT EXISTS takes any table of that name for the right one.'),
        solution: t('The name must be free, and the check after it looks at what is there.'),
      },
    ],
    alternatives: [
      {
        instead: t('Let the application make the table when it starts.'),
        why: t('Instances that start together race for it, and its user needs the right to make tables.'),
      },
    ],
  }),
  'rename-table': () => ({
    pitfalls: [
      {
        pitfall: t(
          'RENAME takes ACCESS EXCLUSIVE for a moment, and from its commit on every statement with the old name fails.',
        ),
        solution: t(
          'A view takes the old name in the same transaction; simple ones are read and written like the table.',
        ),
      },
      {
        pitfall: t(
          'A view is no table: TRUNCATE, foreign keys to it and locks of rows behave differently, and it needs rights of its own.',
        ),
        solution: t(
          'The view gets owner, rights and row security of the table, and what it cannot stand in for stops the plan.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Give the new name to a view and leave the table its old one.'),
        why: t('It is done in a moment, but the old name stays for ever under the new one.'),
      },
    ],
  }),
  'move-table': () => ({
    pitfalls: [
      {
        pitfall: t(
          'SET SCHEMA takes ACCESS EXCLUSIVE for a moment, and then code that looks in the old schema finds nothing.',
        ),
        solution: t('A view stays in the old schema until no code looks there any more.'),
      },
      {
        pitfall: t(
          'Without USAGE on the new schema roles lose the table although its own rights went along.',
        ),
        solution: t('Who uses the table has to have the right to its new schema before it moves.'),
      },
    ],
    alternatives: [
      {
        instead: t('Put the new schema first in search_path.'),
        why: t('It finds the table for code that names no schema, but also whatever else is in that schema.'),
      },
    ],
  }),
  'drop-table': () => ({
    pitfalls: [
      {
        pitfall: t('What is dropped is gone with its rows, and somebody who used it notices afterwards.'),
        solution: t(
          'The table is first renamed out of sight, from where it can be had back in a moment, and dropped a while later.',
        ),
      },
      {
        pitfall: t('DROP TABLE takes ACCESS EXCLUSIVE on the tables its foreign keys refer to as well.'),
        solution: t('It waits no longer than lock_timeout and is tried again.'),
      },
      {
        pitfall: t('CASCADE takes views and foreign keys of others along.'),
        solution: t('CASCADE is never used: what depends on the table stops the plan.'),
      },
    ],
    alternatives: [
      {
        instead: t('Take the rights on it away.'),
        why: t(
          'It ends all use as well and is undone as easily, but owners and superusers go on, and the table stays.',
        ),
      },
    ],
  }),
  'change-primary-key': () => ({
    pitfalls: [
      {
        pitfall: t(
          'DROP CONSTRAINT and ADD PRIMARY KEY build the index and look for NULL under ACCESS EXCLUSIVE.',
        ),
        solution: t(
          'The new index is built CONCURRENTLY and the columns are proved; one short transaction exchanges the keys.',
        ),
      },
      {
        pitfall: t('Foreign keys that refer to the old key keep it from being dropped.'),
        solution: t('They are found first, and the old key can stay as a unique constraint.'),
      },
      {
        pitfall: t('ON CONFLICT (old columns) and tools that update rows by the key fail once it is gone.'),
        solution: t('The release that does without it comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('Add a unique constraint for the new key and leave the primary key.'),
        why: t(
          'It is enough where rows only have to be found by it; replication and tools go by the primary key.',
        ),
      },
    ],
  }),
  'attach-partition': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Without a CHECK that proves the bound ATTACH PARTITION reads every row of the new partition under ACCESS EXCLUSIVE on it.',
        ),
        solution: t(
          'The CHECK is added NOT VALID and validated before, and goes when the partition is attached.',
        ),
      },
      {
        pitfall: t(
          'A default partition is locked with ACCESS EXCLUSIVE and read, to see that it has no row of the new bound.',
        ),
        solution: t('It gets a CHECK of its own that proves it.'),
      },
      {
        pitfall: t(
          'Indexes that the whole has and the partition lacks are built by ATTACH while it holds its locks.',
        ),
        solution: t('They are built CONCURRENTLY before, so that ATTACH only links them.'),
      },
    ],
    alternatives: [
      {
        instead: t('CREATE TABLE ... PARTITION OF.'),
        why: t(
          'It takes ACCESS EXCLUSIVE on the whole, where ATTACH takes SHARE UPDATE EXCLUSIVE, and it is for empty partitions only.',
        ),
      },
    ],
  }),
  'detach-partition': () => ({
    pitfalls: [
      {
        pitfall: t(
          'DETACH PARTITION takes ACCESS EXCLUSIVE on the whole table and queues behind its longest query.',
        ),
        solution: t(
          'From PostgreSQL 14 on it runs CONCURRENTLY, where there is no default partition; before, under lock_timeout.',
        ),
      },
      {
        pitfall: t('Reports that read the whole silently miss the rows from then on.'),
        solution: t('The release that does without them comes before.'),
      },
      {
        pitfall: t('An interrupted DETACH CONCURRENTLY leaves the partition half detached.'),
        solution: t('The step names FINALIZE, which ends it.'),
      },
    ],
    alternatives: [
      {
        instead: t('DROP TABLE of the partition.'),
        why: t(
          'It takes ACCESS EXCLUSIVE on the whole too, and the rows are gone before anybody missed them.',
        ),
      },
    ],
  }),
  'set-row-security': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Once row security is on and no policy fits, a role that is not the owner sees no row, without any error.',
        ),
        solution: t(
          'The policy is there first; row security is turned on in a later phase, after the release that lives with it.',
        ),
      },
      {
        pitfall: t(
          'Owners, superusers and roles with BYPASSRLS see everything, so tests under them prove nothing.',
        ),
        solution: t('The plan says which roles a policy does not bind.'),
      },
      {
        pitfall: t(
          'The expression is part of every query: without an index on what it names each of them gets slow.',
        ),
        solution: t('Look at the plans of your heaviest statements as such a role before it is turned on.'),
      },
    ],
    alternatives: [
      {
        instead: t('Views that show each role its rows.'),
        why: t('Whoever has a right to the table goes around them; a policy binds on every way to it.'),
      },
    ],
  }),
  'set-replica-identity': () => ({
    pitfalls: [
      {
        pitfall: t(
          'While a publication sends UPDATE or DELETE of a table without an identity, these statements fail at the publisher.',
        ),
        solution: t('Publications that would be concerned are named before.'),
      },
      {
        pitfall: t(
          'FULL writes each old row into the WAL, and a subscriber without a fitting index reads its whole table for each change.',
        ),
        solution: t('An index over NOT NULL columns is to be preferred; the plan says what FULL costs.'),
      },
    ],
    alternatives: [
      {
        instead: t('Add a primary key.'),
        why: t(
          'It is the identity by default and serves more than replication; where there can be none, this is the way.',
        ),
      },
    ],
  }),
  'set-comment': () => ({
    pitfalls: [
      {
        pitfall: t('COMMENT replaces what was there without a word.'),
        solution: t('The comment before is kept for the way back.'),
      },
      {
        pitfall: t(
          'It takes SHARE UPDATE EXCLUSIVE, so it waits for VACUUM, index builds and other changes of the table, but not for reads and writes.',
        ),
        solution: t('It waits no longer than lock_timeout.'),
      },
    ],
    alternatives: [
      {
        instead: t('Write it into the documentation of the code.'),
        why: t('Who looks at the database alone does not see it there.'),
      },
    ],
  }),
};
