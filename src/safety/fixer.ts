import type { Direction } from '../layouts/layout';
import { isSwitchbackError } from '../messages/error';
import { TextPositions } from '../sql/positions';
import type { Statement } from '../sql/statement';
import type { Fix } from './finding';
import type { FixProposal, FixTarget } from './fix-proposal';
import { resolveFix, type FixPlace } from './resolve-fix';
import type { ForecastTransaction } from './rule';

/** Resolves what a rule proposes for a statement; null where nothing can be written. */
export type Fixer = (proposal: FixProposal, statement: Statement) => Fix | null;

/** The script that is fixed, and where its fixes go: see LintInput. */
export interface FixedScript {
  path: string;
  sql: string;
  offset: number;
  fileText?: string;
  direction: Direction;
  transaction: ForecastTransaction;
  target?: FixTarget;
}

/** Makes edits of files of proposals. Text without a target is a file of its own that runs outside a transaction. */
export function fixer(
  { path, sql, offset, fileText, target: given, direction, transaction }: FixedScript,
  statements: readonly Statement[],
): Fixer {
  const target: FixTarget = given ?? { path, outside: { by: 'always' }, compose: () => [], other: null };
  // Most scripts have no finding with a fix: the tables of positions are made when one does.
  let place: FixPlace | null = null;
  const makePlace = (): FixPlace => {
    const own = new TextPositions(fileText ?? sql);
    const other = new TextPositions(target.other?.text ?? '');
    const trees = new Map<Statement, string>();
    return {
      target,
      script: { sql, statements, direction, transaction },
      offset,
      inFile: (offset) => own.at(offset),
      inOther: (offset) => other.at(offset),
      treeText: (statement) => {
        const text = trees.get(statement) ?? JSON.stringify(statement.node);
        trees.set(statement, text);
        return text;
      },
      lowerSql: sql.toLowerCase(),
    };
  };
  return (proposal, statement) => {
    const needsFiles = proposal.kind === 'edit' && proposal.follows.length > 0;
    if (needsFiles && !given) return null;
    return composedOrNone(() => resolveFix(proposal, statement, (place ??= makePlace())));
  };
}

/** A text that a tool would misread cannot be composed: then there is no fix, and the finding stays. */
function composedOrNone(resolve: () => Fix | null): Fix | null {
  try {
    return resolve();
  } catch (error) {
    if (isSwitchbackError(error, 'invalid-input')) return null;
    throw error;
  }
}
