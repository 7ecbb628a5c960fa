import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import { differenceTexts } from '../../rehearse/difference-text';
import type { MigrationRehearsal } from '../../rehearse/rehearsal';
import { blockingLines } from '../../rehearse/measure/blocking-lines';
import { rehearsalLines } from '../../rehearse/rehearsal-lines';
import { nextStep, verdictSentence } from '../../rehearse/verdict-sentence';
import { duration } from '../format';
import { verdictWord } from '../wizard/report-view';

/** How a rehearsal is shown as a test. */
export interface TestOutcome {
  state: 'passed' | 'failed' | 'errored' | 'skipped';
  /** What is wrong, in a few lines; empty where nothing is. */
  message: string;
  /** The schema before and after, where they differ so that the test fails. */
  compared: { before: string; after: string } | null;
}

/** A rollback that is proven passes, one that its author has ruled out is skipped, an up that fails is an error. */
export function testOutcome(rehearsal: MigrationRehearsal): TestOutcome {
  const { verdict, differences } = rehearsal;
  switch (verdict) {
    case 'exact':
    case 'order-only':
    case 'text-only':
      return { state: 'passed', message: '', compared: null };
    case 'irreversible':
      return { state: 'skipped', message: '', compared: null };
    case 'up-fails':
      return { state: 'errored', message: messageOf(rehearsal), compared: null };
    case 'times-out':
    case 'leaves-transaction-open':
    case 'no-down':
    case 'empty-down':
    case 'down-fails':
    case 'differs':
    case 're-up-fails':
    case 're-up-differs':
      return {
        state: 'failed',
        message: messageOf(rehearsal),
        compared: differences.length > 0 ? comparedTexts(rehearsal) : null,
      };
  }
}

/** The editor shows the beginnings of both as "this != that" beside the statement: they say which is which. */
function comparedTexts({ verdict, differences }: MigrationRehearsal): NonNullable<TestOutcome['compared']> {
  const { before, after } = differenceTexts(differences);
  return verdict === 're-up-differs'
    ? { before: `${t('After the first up:')}\n${before}`, after: `${t('After the second up:')}\n${after}` }
    : { before: `${t('Before the up:')}\n${before}`, after: `${t('After the down:')}\n${after}` };
}

/** The first line is all that the Test Explorer shows of it at a glance: it says what is wrong, and with what. */
function messageOf(rehearsal: MigrationRehearsal): string {
  const { verdict, error, notes } = rehearsal;
  const sentence = verdictSentence(rehearsal);
  const failed = error !== null && !notes.some((note) => note.includes(error));
  const next = nextStep(rehearsal);
  const first = failed && verdict !== 'differs' ? `${sentence.replace(/\.$/, '')}: ${error}` : sentence;
  const further = failed && verdict === 'differs' ? [error] : [];
  return [first, ...further, ...notes, ...(next === null ? [] : [next])].join('\n');
}

/** What the run's output says of it: what was there in red, what is there instead in green. */
export async function outputLines(rehearsal: MigrationRehearsal): Promise<string[]> {
  const { said, differing, notes, next } = await rehearsalLines(rehearsal);
  const { verdict, milliseconds } = rehearsal;
  const painted = differing.map((line) => {
    const sign = /^ *([-+]) /.exec(line)?.[1];
    return sign === undefined ? line : `\u001b[${sign === '-' ? 31 : 32}m${line}\u001b[0m`;
  });
  return [
    `${migrationTitle(rehearsal)}: ${verdictWord(verdict)} (${duration(milliseconds)})`,
    ...[...said, ...painted, ...notes, ...next, ...blockingLines(rehearsal)].map((line) => `  ${line}`),
  ];
}
