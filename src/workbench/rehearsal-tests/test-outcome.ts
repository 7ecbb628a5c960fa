import type { Difference } from '../../catalog/compare';
import { t } from '../../messages/translate';
import { differenceTexts } from '../../rehearse/difference-text';
import type { MigrationRehearsal } from '../../rehearse/rehearsal';
import { verdictWord } from '../wizard/report-view';

/** How a rehearsal is shown as a test. */
export interface TestOutcome {
  state: 'passed' | 'failed' | 'errored' | 'skipped';
  /** What is wrong, in a few lines; empty where nothing is. */
  message: string;
  /** The schema before and after, where they differ so that the test fails. */
  compared: { before: string; after: string } | null;
  /** Lines of the run's output. */
  output: string[];
}

/** A rollback that is proven passes, one that its author has ruled out is skipped, an up that fails is an error. */
export function testOutcome(rehearsal: MigrationRehearsal): TestOutcome {
  const { verdict, notes, differences } = rehearsal;
  const output = [verdictWord(verdict), ...notes];
  switch (verdict) {
    case 'exact':
      return { state: 'passed', message: '', compared: null, output: notes };
    case 'order-only':
    case 'text-only':
      return {
        state: 'passed',
        message: '',
        compared: null,
        output: [...output, ...differences.map(differenceLine)],
      };
    case 'irreversible':
      return { state: 'skipped', message: '', compared: null, output };
    case 'up-fails':
      return { state: 'errored', message: messageOf(rehearsal), compared: null, output };
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
        compared: differences.length > 0 ? differenceTexts(differences) : null,
        output,
      };
  }
}

function messageOf({ verdict, error, differences, notes }: MigrationRehearsal): string {
  const objects = [...new Set(differences.map(({ object }) => object))];
  const differing = objects.length === 0 ? [] : [t('Differs: {0}', objects.join(', '))];
  return [verdictWord(verdict), ...(error === null ? [] : [error]), ...differing, ...notes].join('\n');
}

function differenceLine({ object, property }: Difference): string {
  return `${object}, ${property}`;
}
