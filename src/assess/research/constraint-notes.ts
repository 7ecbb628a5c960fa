import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to constraints. */
export const constraintNotes: NotesByKind = {
  'add-check': () => ({
    pitfalls: [
      {
        pitfall: t('ADD CONSTRAINT ... CHECK reads every row under ACCESS EXCLUSIVE.'),
        solution: t(
          'It is added NOT VALID, which reads no row, and validated in a step of its own under SHARE UPDATE EXCLUSIVE.',
        ),
      },
      {
        pitfall: t('NOT VALID and VALIDATE in one transaction keep the strong lock through the whole scan.'),
        solution: t('They are two steps, each with its own transaction.'),
      },
      {
        pitfall: t('An UPDATE of a row that breaks the rule fails even where it does not touch its columns.'),
        solution: t('Rows that break it are counted before anything runs.'),
      },
    ],
    alternatives: [
      {
        instead: t('Check it in a trigger.'),
        why: t(
          'A trigger can look at other rows, but it proves nothing of the rows that are there, and the planner learns nothing.',
        ),
      },
    ],
  }),
  'add-foreign-key': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ADD FOREIGN KEY looks up every row while SHARE ROW EXCLUSIVE stops all writes to both tables.',
        ),
        solution: t(
          'It is added NOT VALID and validated under SHARE UPDATE EXCLUSIVE on the table and ROW SHARE on the one it refers to; a partitioned table gets it partition by partition where the server takes no NOT VALID there.',
        ),
      },
      {
        pitfall: t(
          'Without an index on its columns each DELETE in the table it refers to reads this whole table.',
        ),
        solution: t('A missing index is named.'),
      },
      {
        pitfall: t('One row that refers to nothing makes the validation fail at its end.'),
        solution: t('Such rows are counted before anything runs.'),
      },
    ],
    alternatives: [
      {
        instead: t('Let the application see that the row it refers to is there.'),
        why: t(
          'Between its look and its write another transaction may delete that row; only the server can lock it.',
        ),
      },
    ],
  }),
  'add-unique': () => ({
    pitfalls: [
      {
        pitfall: t('ADD CONSTRAINT ... UNIQUE builds its index under ACCESS EXCLUSIVE.'),
        solution: t(
          'The index is built CONCURRENTLY, and ADD CONSTRAINT ... USING INDEX makes the constraint of it in a moment.',
        ),
      },
      {
        pitfall: t(
          'A build that meets two equal rows fails and leaves an invalid index behind that still costs each write.',
        ),
        solution: t(
          'Equal rows are counted first, and what a failed build left is dropped before the next attempt.',
        ),
      },
      {
        pitfall: t('The index refuses new duplicates while it is still being built.'),
        solution: t('The release that keeps to the rule comes before the build.'),
      },
    ],
    alternatives: [
      {
        instead: t('Make a unique index and no constraint.'),
        why: t(
          'It refuses the same rows, and alone can be partial or of expressions; ON CONFLICT ON CONSTRAINT and deferring need a constraint.',
        ),
      },
    ],
  }),
  'add-primary-key': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ADD PRIMARY KEY builds its index and looks for NULL in every row, both under ACCESS EXCLUSIVE.',
        ),
        solution: t('The columns are proved and made NOT NULL first, and the index is built CONCURRENTLY.'),
      },
      {
        pitfall: t(
          'USING INDEX of a column that is not NOT NULL yet reads the whole table under its lock all the same.',
        ),
        solution: t('SET NOT NULL comes before, with a validated CHECK that spares it the scan.'),
      },
    ],
    alternatives: [
      {
        instead: t('A unique constraint over NOT NULL columns.'),
        why: t(
          'It keeps rows apart as well, but replication, foreign keys without a column list and tools look for a primary key.',
        ),
      },
    ],
  }),
  'drop-constraint': () => ({
    pitfalls: [
      {
        pitfall: t(
          'The moment it takes ACCESS EXCLUSIVE is short, for a foreign key on both tables, but it waits behind each long transaction.',
        ),
        solution: t('It waits no longer than lock_timeout and is tried again.'),
      },
      {
        pitfall: t('ON CONFLICT that relies on a key or an exclusion fails as soon as that is gone.'),
        solution: t('The release that does without it comes before.'),
      },
      {
        pitfall: t(
          'Rows that break the rule can be written from then on, and it cannot be put back over them.',
        ),
        solution: t(
          'The way back proves the rows before the constraint counts again, and the plan says from when that may fail.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('Put a looser rule in its place: add the new constraint first, then drop this one.'),
        why: t('It is better where some rule still holds; this plan is for a rule that goes altogether.'),
      },
    ],
  }),
  'rename-constraint': () => ({
    pitfalls: [
      {
        pitfall: t('ON CONFLICT ON CONSTRAINT names it in SQL, and applications tell errors apart by it.'),
        solution: t(
          'Routines that name it are found, and code that knows it takes both names before it changes.',
        ),
      },
      {
        pitfall: t(
          'RENAME CONSTRAINT takes ACCESS EXCLUSIVE: it reads no row, but queues behind long transactions, and all others behind it.',
        ),
        solution: t('It waits no longer than lock_timeout and is tried again.'),
      },
    ],
    alternatives: [
      {
        instead: t('Drop it and add it again under the other name.'),
        why: t('The rows would have to be proved again, and meanwhile nothing refuses what breaks the rule.'),
      },
    ],
  }),
  'set-deferrable': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ALTER CONSTRAINT takes foreign keys only; a key or an exclusion has to be made anew, which builds its index under ACCESS EXCLUSIVE.',
        ),
        solution: t(
          'For a key another index is built CONCURRENTLY and exchanged with it in a moment; an exclusion is changed on small tables only.',
        ),
      },
      {
        pitfall: t(
          'ON CONFLICT cannot use a deferrable key or exclusion, and no foreign key can refer to a deferrable key.',
        ),
        solution: t('What stands in the way is looked for first, and the application is released before.'),
      },
      {
        pitfall: t('A rule that is checked at COMMIT fails there, where code seldom expects an error.'),
        solution: t('The release that takes the error at its new place comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('Write the rows in an order in which the rule holds after each statement.'),
        why: t('Nothing changes in the database, and it is to be preferred where there is such an order.'),
      },
    ],
  }),
  'add-exclusion': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ADD CONSTRAINT ... EXCLUDE builds its index under ACCESS EXCLUSIVE, and PostgreSQL knows neither NOT VALID nor USING INDEX for it.',
        ),
        solution: t('Only a small table gets one so; for a large one the plan stops and names the way out.'),
      },
      {
        pitfall: t('Two rows that exclude each other make the build fail at whatever place it meets them.'),
        solution: t('Such rows are looked for before anything runs.'),
      },
    ],
    alternatives: [
      {
        instead: t('Look for a conflict in a trigger, under an advisory lock.'),
        why: t(
          'It locks no table, but it has to be right under concurrency, which the constraint is by itself.',
        ),
      },
      {
        instead: t('A new table with the constraint, into which the rows move.'),
        why: t('It is the way for large tables; for a small one it is much work for a moment of waiting.'),
      },
    ],
  }),
};
