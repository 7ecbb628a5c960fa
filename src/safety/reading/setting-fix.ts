import type { Statement } from '../../sql/statement';
import type { EditProposal, ScriptEdit } from '../fix-proposal';
import type { RuleContext, RuleScript } from '../rule';
import { insertAfter, insertBefore } from './script-edits';
import { settingChange } from './time-setting';

/**
 * Gives a setting a value for a statement: until the end of its transaction, or, where it has none to itself, until
 * it is taken back behind it. The session may be one that other migrations use too. Null where neither works.
 */
export function settingFix(
  { statement, forecast, script }: RuleContext,
  name: string,
  value: string,
  title: string,
): EditProposal | null {
  const edit = (edits: ScriptEdit[]): EditProposal => ({ kind: 'edit', title, edits, follows: [] });
  // For a statement inside another it stands before the other, and is in force inside it too.
  const whole = script.statements[statement.index] ?? statement;
  const inTransaction = (script.blocks[statement.index] ?? null) !== null;
  // Sent as one text, two statements share a transaction, which some statements refuse.
  if (!inTransaction && script.transaction === 'implicit' && !forecast.transactional) return null;
  if (inTransaction || script.transaction === 'implicit')
    return edit([insertBefore(script, whole, [`SET LOCAL ${name} = '${value}';`])]);
  const last = lastBeforeOtherWork(script, whole, name);
  return edit([
    insertBefore(script, whole, [`SET ${name} = '${value}';`]),
    insertAfter(script, last, [`RESET ${name};`]),
  ]);
}

/** What runs CONCURRENTLY must not give up: that would leave an invalid index behind. */
function lastBeforeOtherWork(script: RuleScript, statement: Statement, name: string): Statement {
  const later = script.statements.slice(statement.index + 1);
  const end = later.findIndex((each) => {
    const change = settingChange(each);
    return (
      script.blocks[each.index] !== null ||
      each.kind === 'TransactionStmt' ||
      each.kind === 'VacuumStmt' ||
      /\bconcurrently\b/i.test(each.text) ||
      (change !== null && (change.name === null || change.name === name))
    );
  });
  return (end < 0 ? later : later.slice(0, end)).at(-1) ?? statement;
}
