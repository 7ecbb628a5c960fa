import { isSwitchbackError } from '../../messages/error';
import { asKind } from '../../sql/tree';
import type { Look } from '../changes/change-type';
import { keeperBlockers } from '../replaced-routine';
import { readRoutines, resolvedTypes } from '../routine-rows';
import { isSameDefinition, readRoutineWish } from '../routine-wish';

/** What keeps results of the routines that a script replaces, and would be wrong after it: what stops it, in words. */
export async function keptResults(sql: string, at: Look): Promise<string[]> {
  const replaced = at.parser
    .parse(sql)
    .statements.filter(({ node }) => asKind(node, 'CreateFunctionStmt')?.replace === true);
  const blockers: string[] = [];
  for (const { text } of replaced) blockers.push(...(await keptResultsOf(text, at)));
  return blockers;
}

async function keptResultsOf(text: string, at: Look): Promise<string[]> {
  try {
    const wish = readRoutineWish(text, at.parser);
    const { inputs } = await resolvedTypes({ ...wish, outputs: [], result: null }, at);
    const there = await readRoutines(wish.name, at);
    const old = there.find((each) => each.inputs.join() === inputs.join());
    if (!old || isSameDefinition(old.definition ?? '', wish.statement, at.parser)) return [];
    return await keeperBlockers(old, true, at);
  } catch (error) {
    // Of a type that the script makes first there is no routine yet; what cannot be read was told of already.
    if (isSwitchbackError(error, 'invalid-input')) return [];
    throw error;
  }
}
