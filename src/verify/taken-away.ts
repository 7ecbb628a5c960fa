import { t } from '../messages/translate';
import { stepsOf, type Plan, type Step } from '../plan/plan';
import { formatQualifiedName, quoteLiteral, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind, strings } from '../sql/tree';
import { isDone, type VerifyRequest } from './verify-request';

/** What a statement takes away: a relation, or a constraint or trigger of one, under the name it had. */
export interface TakenAway {
  relation: QualifiedName;
  /** Of a constraint or trigger. */
  name: string | null;
}

/**
 * Why a step's verification says nothing any more: a later step that is done has taken away what it asks about; null where
 * none has. The plan tells, not what the database answers.
 */
export function whyTakenAway(
  { plan, progress, parser }: Pick<VerifyRequest, 'plan' | 'progress' | 'parser'>,
  step: Step,
): string | null {
  const sql = step.verification?.sql;
  if (sql === undefined) return null;
  for (const later of laterSteps(plan, step)) {
    if (!isDone(progress, later.id)) continue;
    const gone = takenAwayBy(later, parser).find((each) => isAsked(each, sql));
    if (gone)
      return t(
        'It held when the step was done; "{0}" has taken away {1} since.',
        later.title,
        gone.name ?? formatQualifiedName(gone.relation),
      );
  }
  return null;
}

/** What a step's SQL drops, renames or moves; of a block's body nothing is known. */
function takenAwayBy(step: Step, parser: SqlParser): TakenAway[] {
  if (step.kind !== 'migration' && step.kind !== 'concurrent') return [];
  return parser
    .parse(step.forward)
    .statements.flatMap(({ node }) => [...droppedBy(node), ...altered(node), ...renamed(node)]);
}

function laterSteps(plan: Pick<Plan, 'phases'>, step: Step): Step[] {
  const steps = stepsOf(plan);
  return steps.slice(steps.findIndex(({ id }) => id === step.id) + 1);
}

const relationTypes: readonly string[] = [
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_INDEX',
  'OBJECT_SEQUENCE',
  'OBJECT_FOREIGN_TABLE',
];

/** The relations and triggers of a DROP. */
export function droppedBy(node: object): TakenAway[] {
  const drop = asKind(node, 'DropStmt');
  if (!drop) return [];
  const names = (drop.objects ?? []).map((object) => strings(asKind(object, 'List')?.items));
  if (drop.removeType === 'OBJECT_TRIGGER')
    return names.map((parts) => ({ relation: qualified(parts.slice(0, -1)), name: parts.at(-1) ?? '' }));
  if (!relationTypes.includes(drop.removeType ?? '')) return [];
  return names.map((parts) => ({ relation: qualified(parts), name: null }));
}

function altered(node: object): TakenAway[] {
  const alter = asKind(node, 'AlterTableStmt');
  return (alter?.cmds ?? []).flatMap((each) => {
    const command = asKind(each, 'AlterTableCmd');
    if (command?.subtype !== 'AT_DropConstraint' || command.name === undefined) return [];
    return [{ relation: named(alter?.relation), name: command.name }];
  });
}

function renamed(node: object): TakenAway[] {
  const rename = asKind(node, 'RenameStmt');
  if (rename?.relation && relationTypes.includes(rename.renameType ?? ''))
    return [{ relation: named(rename.relation), name: null }];
  if (
    rename?.relation &&
    rename.subname !== undefined &&
    /TABCONSTRAINT|TRIGGER/.test(rename.renameType ?? '')
  )
    return [{ relation: named(rename.relation), name: rename.subname }];
  const move = asKind(node, 'AlterObjectSchemaStmt');
  return move?.relation ? [{ relation: named(move.relation), name: null }] : [];
}

function named(relation: { schemaname?: string; relname?: string } | undefined): QualifiedName {
  return { schema: relation?.schemaname ?? 'public', name: relation?.relname ?? '' };
}

function qualified(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? 'public', name: parts.at(-1) ?? '' };
}

/** Whether a verification, whose SQL the plan wrote, asks about it. */
function isAsked({ relation, name }: TakenAway, sql: string): boolean {
  const whole = formatQualifiedName(relation);
  const literal = quoteLiteral(whole);
  const isNamed = sql.includes(literal) || mentions(sql, whole);
  return isNamed && (name === null || sql.includes(quoteLiteral(name)));
}

/** Whether the name stands in the SQL by itself, and not as the beginning or end of another. */
function mentions(sql: string, name: string): boolean {
  const isPart = /[\p{L}\p{N}_$".']/u;
  for (let at = sql.indexOf(name); at >= 0; at = sql.indexOf(name, at + 1)) {
    if (!isPart.test(sql[at - 1] ?? ' ') && !isPart.test(sql[at + name.length] ?? ' ')) return true;
  }
  return false;
}
