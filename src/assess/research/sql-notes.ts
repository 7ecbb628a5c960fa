import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of SQL of one's own. */
export const sqlNotes: NotesByKind = {
  'raw-sql': () => ({
    pitfalls: [
      {
        pitfall: t(
          'Statements in one transaction keep the strongest lock of each until the last of them has ended.',
        ),
        solution: t(
          'They are cut into steps by the locks and the work of each, those that need it outside a transaction.',
        ),
      },
      {
        pitfall: t('Nothing says whether it worked, or how it is taken back.'),
        solution: t(
          'Proof and way back are derived where the catalog tells, and asked for where it does not.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('The recipe of the change, where there is one.'),
        why: t(
          'It knows the releases, the proofs and the way back; SQL of your own is for what no recipe does.',
        ),
      },
    ],
  }),
};
