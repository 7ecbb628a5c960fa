import type { TraceState } from './statement-trace';
import type { TraceVerdict } from './trace-verdict';
import { t } from '../messages/translate';

/** What the catalog shows of a statement, in words. */
export function traceWord(state: TraceState): string {
  switch (state) {
    case 'there':
      return t('there');
    case 'missing':
      return t('missing');
    case 'partly':
      return t('there in part');
    case 'half-made':
      return t('left half made');
    case 'unknown':
      return t('cannot be told');
    case 'nothing':
      return t('leaves nothing');
  }
}

/** What all of them come to, as a sentence. */
export function verdictSentence(verdict: TraceVerdict): string {
  switch (verdict.kind) {
    case 'all-there':
      return t('All of it is there.');
    case 'nothing-there':
      return t('Nothing of it is there.');
    case 'rest-missing':
      return t('It stopped on the way: the rest can be run.');
    case 'mixed':
      return t('{0} Correct it by hand, then look again.', verdict.why);
    case 'not-known':
      return t('{0} You have to know whether it was done.', verdict.why);
  }
}
