import { t } from '../../messages/translate';
import type { NotesByKind } from './pitfalls';

/** What is known of changes to views. */
export const viewNotes: NotesByKind = {
  'replace-view': () => ({
    pitfalls: [
      {
        pitfall: t(
          'DROP VIEW and CREATE VIEW lose rights, comments and triggers, and fail where another view stands on it.',
        ),
        solution: t(
          'CREATE OR REPLACE VIEW keeps all of them and takes ACCESS EXCLUSIVE on the view for a moment.',
        ),
      },
      {
        pitfall: t('CREATE OR REPLACE can neither take a column away nor change its name, type or place.'),
        solution: t(
          'The columns of the new query are compared first; where they differ otherwise, rebuild-view does it.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('A second view under another name.'),
        why: t('It is right where old and new code cannot live with one result; here they can.'),
      },
    ],
  }),
  'rebuild-view': () => ({
    pitfalls: [
      {
        pitfall: t('DROP VIEW ... CASCADE takes all views over it along, and nobody brings them back.'),
        solution: t(
          'All of them are made anew in the same transaction, each with its options, owner, rights, comments, triggers and rules.',
        ),
      },
      {
        pitfall: t('A query that names a column that is gone fails from the commit on.'),
        solution: t('The release that takes the old and the new columns comes before.'),
      },
    ],
    alternatives: [
      {
        instead: t('A second view under another name, until no code uses the first.'),
        why: t('It needs no release that takes both, but another name for good.'),
      },
    ],
  }),
  'replace-materialized-view': () => ({
    pitfalls: [
      {
        pitfall: t(
          'There is no CREATE OR REPLACE for it: dropped and made anew, it cannot be read until its query has run.',
        ),
        solution: t('A second one is filled beside it with the same indexes and takes its name in a moment.'),
      },
      {
        pitfall: t(
          'REFRESH takes ACCESS EXCLUSIVE while its query runs; CONCURRENTLY lets readers in but needs a unique index.',
        ),
        solution: t(
          'The second one is filled before anybody reads it, and the unique index is made again with the others.',
        ),
      },
    ],
    alternatives: [
      {
        instead: t('A table that is kept up to date by triggers.'),
        why: t('It is never out of date, but each write pays for it.'),
      },
    ],
  }),
};
