import { changeTypeOf, type Change, type SingleChange } from '../assess/change';
import { partsOf } from '../assess/several-changes';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Plan, PlanState } from './plan';
import { concernedRelations } from './plan-tables';

/** A plan that is on disk, or on a branch that is not checked out. */
export interface OtherPlan {
  plan: Plan;
  state: PlanState;
  branch?: string;
}

/** What other plans mean for a new one: what stops it, and what a person has to decide, in sentences. */
export function plansBeside(
  plan: Plan,
  others: readonly OtherPlan[],
): { blockers: string[]; notes: string[] } {
  const blockers: string[] = [];
  const notes: string[] = [];
  for (const other of others) {
    if (other.plan.id === plan.id || isOver(other.state)) continue;
    const own = concernedRelations(plan);
    const shared = concernedRelations(other.plan).filter((relation) => own.includes(relation));
    if (shared.length === 0) continue;
    const column = sharedColumn(plan.change, other.plan.change);
    if (isUnderWay(other.state) && column !== null) blockers.push(columnTaken(other.plan, column));
    else notes.push(besides(other, shared));
  }
  return { blockers, notes };
}

function isOver(state: PlanState): boolean {
  return state === 'done' || state === 'rolled-back' || state === 'abandoned';
}

function isUnderWay(state: PlanState): boolean {
  return state !== 'draft' && state !== 'ready' && !isOver(state);
}

/** A column that both change, with its table; null where there is none. */
function sharedColumn(one: Change, other: Change): SharedColumn | null {
  const changed = (change: Change): SharedColumn[] => partsOf(change).flatMap(changedColumns);
  const others = changed(other);
  const isShared = ({ column, relation }: SharedColumn): boolean =>
    others.some((each) => each.column === column && each.relation === relation);
  return changed(one).find(isShared) ?? null;
}

interface SharedColumn {
  relation: string;
  column: string;
}

function changedColumns(change: SingleChange): SharedColumn[] {
  return changeTypeOf(change)
    .columns(change)
    .filter(({ fate }) => fate !== 'used')
    .map(({ column }) => ({ relation: formatQualifiedName(change.table), column }));
}

function columnTaken({ id, title }: Plan, { column, relation }: SharedColumn): string {
  return t(
    'The plan "{0}" ({1}) is under way and changes {2} of {3}, too. Finish it or roll it back first.',
    title,
    id,
    formatIdentifier(column),
    relation,
  );
}

function besides({ plan, state, branch }: OtherPlan, shared: readonly string[]): string {
  if (branch !== undefined)
    return t(
      'The plan "{0}" ({1}) on the branch {2} works on {3}, too. Agree with whoever makes it which goes first; the other is to be planned again after it.',
      plan.title,
      plan.id,
      branch,
      shared.join(', '),
    );
  return isUnderWay(state)
    ? t(
        'The plan "{0}" ({1}) is under way and works on {2}, too. Finish it before this one begins, and plan this one again then.',
        plan.title,
        plan.id,
        shared.join(', '),
      )
    : t(
        'The plan "{0}" ({1}) works on {2}, too, and has not begun. Decide which goes first; the other is to be planned again after it.',
        plan.title,
        plan.id,
        shared.join(', '),
      );
}
