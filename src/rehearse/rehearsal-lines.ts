import { differenceLines } from './difference-text';
import type { MigrationRehearsal } from './rehearsal';
import { nextStep, verdictSentence } from './verdict-sentence';

/** What is to be read of one rehearsal below its verdict: what is wrong, what differs, what was noticed, what to do. */
export interface RehearsalLines {
  said: string[];
  /** As `differenceLines` gives them. */
  differing: string[];
  notes: string[];
  next: string[];
}

/** A rehearsal for people who read lines. Of what failed twice, in an error and in a note, the note is kept. */
export async function rehearsalLines(rehearsal: MigrationRehearsal): Promise<RehearsalLines> {
  const { verdict, error, differences, notes } = rehearsal;
  const isNoted = error === null || notes.some((note) => note.includes(error));
  const next = nextStep(rehearsal);
  return {
    said: [
      ...(speaksForItself(verdict) ? [] : [verdictSentence(rehearsal)]),
      ...(isNoted ? [] : error.split('\n')),
    ],
    differing: await differenceLines(differences),
    notes,
    next: next === null ? [] : [next],
  };
}

/** Those of which the word, or a note that is there already, says all. */
function speaksForItself(verdict: MigrationRehearsal['verdict']): boolean {
  return verdict === 'exact' || verdict === 'order-only' || verdict === 'irreversible';
}
