import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to functions and procedures. */
export const routineNotes: NotesByKind = {
  'replace-function': () => ({
    pitfalls: [
      {
        pitfall: t(
          'CREATE OR REPLACE with other arguments makes a second function beside the first, and calls become ambiguous or take the old one.',
        ),
        solution: t(
          'Arguments and result are compared first: the same ones are replaced in place, others stand beside the old ones on purpose.',
        ),
      },
      {
        pitfall: t('DROP FUNCTION fails where a trigger, a view or a default uses it, and loses its rights.'),
        solution: t('The old one stays until nothing uses it, and what uses it is named.'),
      },
      {
        pitfall: t('An index or a CHECK that calls a function is not computed again when its body changes.'),
        solution: t('Such uses are found before.'),
      },
    ],
    alternatives: [
      {
        instead: t('Give the new one another name.'),
        why: t('It cannot be mistaken for the old one, but every caller has to change.'),
      },
    ],
  }),
};
