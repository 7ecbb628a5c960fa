import { t } from '../messages/translate';
import type { ScriptTrace, StatementTrace } from './statement-trace';

/** What the traces of a script's statements come to, given that its tool ran them in order and stopped at the first failure. */
export type TraceVerdict =
  | { kind: 'all-there' }
  | { kind: 'nothing-there' }
  /** What is missing begins at the statement `from` and can be run from there. */
  | { kind: 'rest-missing'; from: number }
  /** Some is there and some is missing, and running the rest could do something twice or out of order. */
  | { kind: 'mixed'; why: string }
  /** The catalog does not tell. */
  | { kind: 'not-known'; why: string };

/** Judges a script that may have broken off. Nothing is offered to be run where the order of things speaks against it. */
export function judgeTrace({ statements, obstacle }: ScriptTrace): TraceVerdict {
  const isOpen = ({ state }: StatementTrace): boolean =>
    state === 'missing' || state === 'partly' || state === 'half-made';
  const open = statements.filter(isOpen);
  const lastThere = statements.filter(({ state }) => state === 'there').at(-1)?.index ?? -1;
  if (open.length === 0 && lastThere < 0) {
    return { kind: 'not-known', why: t('The catalog does not tell what any of its statements did.') };
  }
  if (open.length === 0) return afterLast(statements.slice(lastThere + 1), lastThere);
  const partly = open.find(({ state }) => state === 'partly');
  if (partly) return mixed(t('The statement at line {0} is there in part only.', partly.line));
  const first = open[0]!;
  if (first.index < lastThere) {
    return mixed(
      t(
        'The statement at line {0} has no effect here, and a later one, at line {1}, has.',
        first.line,
        statements[lastThere]!.line,
      ),
    );
  }
  const between = statements.slice(lastThere + 1, first.index).find(isUntold);
  if (between) {
    const why = t('Whether the statement at line {0} ran cannot be told from the catalog.', between.line);
    return lastThere < 0 && first.state === 'missing' ? { kind: 'not-known', why } : mixed(why);
  }
  if (lastThere < 0 && open.every(({ state }) => state === 'missing')) return { kind: 'nothing-there' };
  if (obstacle !== null) return mixed(t('The rest cannot be sent as it stands: {0}.', obstacle));
  return { kind: 'rest-missing', from: lastThere + 1 };
}

function isUntold({ state, repeatable }: StatementTrace): boolean {
  return state === 'unknown' && !repeatable;
}

function mixed(why: string): TraceVerdict {
  return { kind: 'mixed', why };
}

/** All that the catalog tells is there; what comes behind it may have been what failed. */
function afterLast(behind: readonly StatementTrace[], lastThere: number): TraceVerdict {
  const untold = behind.find(isUntold);
  if (untold) {
    return {
      kind: 'not-known',
      why: t('Whether the statement at line {0} ran cannot be told from the catalog.', untold.line),
    };
  }
  const again = behind.some(({ state }) => state === 'unknown');
  return again ? { kind: 'rest-missing', from: lastThere + 1 } : { kind: 'all-there' };
}
