import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to enums, composite types and domains. */
export const typeNotes: NotesByKind = {
  'add-enum-value': () => ({
    pitfalls: [
      {
        pitfall: t('A value cannot be used in the transaction that adds it, nor be dropped from the enum.'),
        solution: t('It is added in a step of its own, which the plan names as the point of no return.'),
      },
      {
        pitfall: t('Old code fails on the first row with a value it does not know.'),
        solution: t('The release that reads it comes before the value, and the one that writes it after.'),
      },
    ],
    alternatives: [
      {
        instead: t('A table of values with a foreign key, or text with a CHECK.'),
        why: t(
          'Values can go again there; for a column that is an enum already that is a change of its type.',
        ),
      },
    ],
  }),
  'rename-enum-value': () => ({
    pitfalls: [
      {
        pitfall: t(
          'RENAME VALUE reads no row, but from its commit on the old name is refused and every row is read under the new one.',
        ),
        solution: t('The release that takes both names comes before.'),
      },
      {
        pitfall: t('Routines that spell the value as text keep the old name and fail when they run.'),
        solution: t('They are found and named; what the catalog keeps parsed has the new name by itself.'),
      },
    ],
    alternatives: [
      {
        instead: t('Add the new value, move the rows, and remove the old one.'),
        why: t('Old and new code then need not know both names in one moment, but rows are written anew.'),
      },
      {
        instead: t('Another name for it where the application shows it.'),
        why: t('It costs nothing in the database; it is right where only people read it.'),
      },
    ],
  }),
  'remove-enum-value': () => ({
    pitfalls: [
      {
        pitfall: t(
          'PostgreSQL has no DROP VALUE, and deleting from pg_enum breaks indexes that still hold the value.',
        ),
        solution: t(
          'The enum is made anew without it, and the column moves to that beside the old one, kept equal by a trigger.',
        ),
      },
      {
        pitfall: t('ALTER COLUMN ... TYPE to the new enum rewrites the table under ACCESS EXCLUSIVE.'),
        solution: t(
          'Rows are filled in batches; one short transaction exchanges both columns and both enums.',
        ),
      },
      {
        pitfall: t('Sessions keep the old type in prepared statements and in variables of routines.'),
        solution: t('The release says so; such a session prepares again or connects again.'),
      },
    ],
    alternatives: [
      {
        instead: t('Keep the value and refuse it by a CHECK.'),
        why: t('No row is copied; the enum still lists the value to everybody who reads the type.'),
      },
    ],
  }),
  'enum-to-table': () => ({
    pitfalls: [
      {
        pitfall: t('ALTER COLUMN ... TYPE text rewrites the table and its indexes under ACCESS EXCLUSIVE.'),
        solution: t(
          'A text column is filled beside the enum, kept equal by a trigger, and exchanged with it in a moment.',
        ),
      },
      {
        pitfall: t('A foreign key that is added with its proof reads every row while writes wait.'),
        solution: t('It is added NOT VALID and validated under SHARE UPDATE EXCLUSIVE.'),
      },
      {
        pitfall: t('Text sorts and compares by its letters, where the enum went by the order of its values.'),
        solution: t('The table has a place for each value to sort by, and the release names it.'),
      },
    ],
    alternatives: [
      {
        instead: t('Text with a CHECK that lists the values.'),
        why: t('It needs no join and no table, but every new value is a change of the schema.'),
      },
      {
        instead: t('Keep the enum and add values to it.'),
        why: t('It is right where values only come; an enum cannot describe, order anew or retire them.'),
      },
    ],
  }),
  'add-attribute': () => ({
    pitfalls: [
      {
        pitfall: t(
          "Values that are made by ROW(...) or '(...)' with the attributes there are now fail when the type has one more.",
        ),
        solution: t('The release that makes them attribute by attribute, or by names, comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('A second type with the attribute, beside the first.'),
        why: t(
          'No value is made wrongly, but every routine has to be there for both until the first one goes.',
        ),
      },
    ],
  }),
  'rename-attribute': () => ({
    pitfalls: [
      {
        pitfall: t(
          'RENAME ATTRIBUTE writes the catalog alone, but from its commit on code that names the old one fails.',
        ),
        solution: t(
          'A function of the new name lets it be read by that before; code that writes it by its name stops to do so first.',
        ),
      },
      {
        pitfall: t('Values that become JSON have another key from one moment to the next.'),
        solution: t('The release that takes the attribute under both names comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('A second type with the new name, beside the first.'),
        why: t('Nothing changes under running code, but every column and routine has to move to it.'),
      },
    ],
  }),
  'drop-attribute': () => ({
    pitfalls: [
      {
        pitfall: t(
          "Values that are made by ROW(...) or '(...)' with the attributes there are now fail when the type has one less.",
        ),
        solution: t('The release that makes them by names, and does without the attribute, comes before.'),
      },
      {
        pitfall: t(
          'What stored values have in it cannot be read any more, and an attribute that is added again is empty and the last.',
        ),
        solution: t('Columns that hold values of the type make the step the point of no return.'),
      },
    ],
    alternatives: [
      {
        instead: t('Leave the attribute and use it no more.'),
        why: t('Nothing can break, but whoever makes a whole value still has to give it.'),
      },
    ],
  }),
  'add-domain-check': () => ({
    pitfalls: [
      {
        pitfall: t(
          'ALTER DOMAIN ... ADD CONSTRAINT reads every table that has a column of the domain, and stops writes to all of them.',
        ),
        solution: t(
          'The check is added NOT VALID, which locks no table, and proved in a step of its own, on small tables only.',
        ),
      },
      {
        pitfall: t('One value that breaks it, in whichever table, makes the proof fail.'),
        solution: t('All tables with the domain are found, and such values are looked for first.'),
      },
    ],
    alternatives: [
      {
        instead: t('A CHECK on each table.'),
        why: t(
          'Each is proved by itself while writes go on: right for large tables, and one more place to keep for each column.',
        ),
      },
    ],
  }),
  'drop-domain-check': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Every column of the domain takes the refused values at once, in tables that nobody had in mind too.',
        ),
        solution: t('All tables with the domain are named.'),
      },
      {
        pitfall: t('After values that break it were written the check cannot be proved again.'),
        solution: t('The plan says so of the way back.'),
      },
    ],
    alternatives: [
      {
        instead: t('Give one column another type.'),
        why: t(
          'It is right where only that column has to take the values; the domain then stays strict for the others.',
        ),
      },
    ],
  }),
};
