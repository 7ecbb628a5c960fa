import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to columns. */
export const columnNotes: NotesByKind = {
  'rename-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'RENAME COLUMN takes ACCESS EXCLUSIVE for a moment only, but from its commit on every statement with the old name fails, and instances of an application never change over in one moment.',
        ),
        solution: t(
          'A second column stands beside the old one, or a view offers both names, and the old name goes when no code uses it.',
        ),
      },
      {
        pitfall: t(
          'Rows that are written while the values are copied have a value in one of the columns only.',
        ),
        solution: t(
          'Both columns are written from before the copy until contract, by a trigger or by the application, and a check compares them on every row. By a view nothing is copied: both names are one column.',
        ),
      },
      {
        pitfall: t(
          'A view in the place of the table is no table: TRUNCATE, COPY, new foreign keys and a statement that gives both names a value are refused while it is there.',
        ),
        solution: t(
          'The plan says what is refused meanwhile, gives the view the privileges of the table, and stops where a view cannot stand in for it; with a copy the table stays a table.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Stop every instance of the application, rename the column, and start the next release.'),
        why: t('It is less work and no row is copied, but it is downtime, and so is the way back.'),
      },
      {
        instead: t('Keep the name, and give it another one where the application maps it.'),
        why: t('It costs nothing in the database; it is right where only the code has to read better.'),
      },
    ],
  }),
  'add-required-column': () => ({
    pitfalls: [
      {
        pitfall: t('ADD COLUMN ... NOT NULL without a default fails as soon as the table has one row.'),
        solution: t('The column comes empty, its rows are filled, and it becomes NOT NULL at the end.'),
      },
      {
        pitfall: t(
          'A default that is computed for each row, as by a volatile function, rewrites the table under ACCESS EXCLUSIVE.',
        ),
        solution: t(
          'Only a default that PostgreSQL can keep in the catalog comes with the column; other values are filled in batches.',
        ),
      },
      {
        pitfall: t('SET NOT NULL reads every row under ACCESS EXCLUSIVE.'),
        solution: t(
          'A CHECK that is added NOT VALID and validated, under SHARE UPDATE EXCLUSIVE, proves it before.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Leave the column without NOT NULL and let the application see to it.'),
        why: t('Then nothing in the database keeps a script or another service from leaving it empty.'),
      },
    ],
  }),
  'set-default': () => ({
    pitfalls: [
      {
        pitfall: t('A default counts for rows to come: rows that have no value keep none.'),
        solution: t('The plan says so; backfill-column gives the rows that are there a value.'),
      },
      {
        pitfall: t(
          'The statement reads no row, but its ACCESS EXCLUSIVE waits for long transactions, and all others wait behind it.',
        ),
        solution: t('It waits no longer than lock_timeout and is tried again.'),
      },
    ],
    alternatives: [
      {
        instead: t('Let the application give the value.'),
        why: t(
          'Every writer has to know it then; the default also holds for those that are not released together.',
        ),
      },
    ],
  }),
  'drop-default': () => ({
    pitfalls: [
      {
        pitfall: t(
          'A writer that leaves the column out writes NULL from that moment on, or fails where the column is NOT NULL.',
        ),
        solution: t('The release whose writers all give the value comes before the default goes.'),
      },
    ],
    alternatives: [
      {
        instead: t('Set another default instead of none.'),
        why: t(
          'It is right where only the value is wrong; a column that nobody may forget has to be without one.',
        ),
      },
    ],
  }),
  'add-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'A volatile default, an identity or a stored generated column makes PostgreSQL rewrite the whole table under ACCESS EXCLUSIVE.',
        ),
        solution: t(
          'Such a column is added in one statement to a small table only; for large ones the plan takes another way or refuses.',
        ),
      },
      {
        pitfall: t(
          'ADD COLUMN IF NOT EXISTS takes a column of the same name for the right one, whatever its type is.',
        ),
        solution: t(
          'The column must not be there before, and the check after it looks at its type and its default.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Keep the values in a table of their own that refers to this one.'),
        why: t('It leaves this table alone, but each read needs a join, and a row may lack its partner.'),
      },
    ],
  }),
  'change-column-type': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Where the stored values are not the same in both types, ALTER COLUMN ... TYPE rewrites the table and its indexes under ACCESS EXCLUSIVE.',
        ),
        solution: t(
          'A column of the new type is filled beside the old one, kept equal by a trigger, and swapped with it in a moment.',
        ),
      },
      {
        pitfall: t('A value that does not convert fails the statement after it has worked for a long time.'),
        solution: t('Such values are looked for before anything runs.'),
      },
      {
        pitfall: t('Views and rules that name the column make the statement fail.'),
        solution: t('What depends on the column is found before anything runs.'),
      },
    ],
    alternatives: [
      {
        instead: t('Change the type in place while the application stands still.'),
        why: t(
          'It is right for small tables; on large ones nobody reads or writes until every row is rewritten.',
        ),
      },
    ],
  }),
  'set-not-null': () => ({
    pitfalls: [
      {
        pitfall: t(
          'SET NOT NULL reads every row under ACCESS EXCLUSIVE, so nobody reads or writes meanwhile.',
        ),
        solution: t(
          'A proof is added NOT VALID and validated under SHARE UPDATE EXCLUSIVE; SET NOT NULL then reads no row.',
        ),
      },
      {
        pitfall: t('One writer that still leaves the column empty fails from then on.'),
        solution: t('The rows are counted first, and the release that always gives a value comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('Keep a validated CHECK (column IS NOT NULL) and stop there.'),
        why: t('It refuses the same rows, but tools, the planner and primary keys look for NOT NULL.'),
      },
    ],
  }),
  'drop-not-null': () => ({
    pitfalls: [
      {
        pitfall: t('The statement takes a moment; the first NULL is what breaks code that reads the column.'),
        solution: t('The release that takes NULL comes before the constraint goes, and writers come last.'),
      },
      {
        pitfall: t('Once a row has no value, SET NOT NULL fails, so there is no way back.'),
        solution: t('That release is named as the point of no return.'),
      },
    ],
    alternatives: [
      {
        instead: t('Keep NOT NULL and write a value that stands for none.'),
        why: t('Every query has to know that value; NULL is known to PostgreSQL, to indexes and to joins.'),
      },
    ],
  }),
  'drop-column': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Code that still reads or writes the column fails at once; an ORM names all columns it knows in each query.',
        ),
        solution: t(
          'Readers are released first, then writers, and the column goes after the deprecation window.',
        ),
      },
      {
        pitfall: t('Indexes and constraints of the column go along, those of several columns too.'),
        solution: t('The step that drops it names all that goes along.'),
      },
      {
        pitfall: t('CASCADE takes views and keys of others along that nobody had in mind.'),
        solution: t('CASCADE is never used: what depends on the column stops the plan.'),
      },
    ],
    alternatives: [
      {
        instead: t('Leave the column and use it no more.'),
        why: t(
          'It costs nothing now, but it is written into each row that has a value, and newcomers take it for one that counts.',
        ),
      },
    ],
  }),
};
