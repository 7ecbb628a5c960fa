import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to enums and domains. */
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
