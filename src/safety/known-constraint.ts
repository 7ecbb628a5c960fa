import type { BoolExpr, Constraint, Node } from '@pgsql/types';
import { asKind, stringOf, strings, walkTree } from '../sql/tree';
import { defaultConstraintName } from './default-name';
import { relationKey, type KnownConstraint, type KnownRelation, type KnownSchema } from './known-schema';

const kinds: Partial<Record<NonNullable<Constraint['contype']>, KnownConstraint['kind']>> = {
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not-null',
};

const deleteActions: Record<string, KnownConstraint['onDelete']> = {
  c: 'deletes',
  n: 'changes',
  d: 'changes',
};

/** The kind of a constraint; null for defaults and the like. */
export function kindOfConstraint({ contype }: Constraint): KnownConstraint['kind'] | null {
  return (contype && kinds[contype]) ?? null;
}

/** A constraint as the forecast needs it; null for defaults and the like. `column` is that of an inline one. */
export function knownConstraint(
  schema: KnownSchema,
  relation: KnownRelation,
  constraint: Constraint,
  column: string | null,
): KnownConstraint | null {
  const kind = kindOfConstraint(constraint);
  if (!kind) return null;
  const listed =
    kind === 'exclusion'
      ? (constraint.exclusions ?? []).map(excludedColumn)
      : strings(kind === 'foreign' ? constraint.fk_attrs : constraint.keys);
  const columns = listed.length > 0 || column === null ? listed : [column];
  const expression = kind === 'check' ? constraint.raw_expr : undefined;
  return {
    name:
      constraint.conname ??
      defaultConstraintName(relation.name, kind, [
        ...(expression ? columnsOf(expression) : columns),
        ...strings(constraint.including),
      ]),
    kind,
    columns,
    enforced: constraint.is_enforced !== false,
    validated: !constraint.skip_validation && constraint.is_enforced !== false,
    conjuncts: expression ? conjunctsOf(expression) : [],
    references: kind === 'foreign' ? relationKey(schema, constraint.pktable) : null,
    referencedColumns: strings(constraint.pk_attrs),
    onDelete: deleteActions[constraint.fk_del_action ?? ''] ?? 'refuses',
  };
}

/** The column of `column WITH operator`; empty for an expression. */
function excludedColumn(node: Node): string {
  return asKind(asKind(node, 'List')?.items?.[0], 'IndexElem')?.name ?? '';
}

/** The columns an expression mentions, each once. */
export function columnsOf(expression: Node): string[] {
  const found = new Set<string>();
  walkTree(expression, (kind, fields) => {
    if (kind === 'ColumnRef') found.add(strings(fields['fields'] as Node[]).at(-1)!);
  });
  return [...found];
}

/** The parts of an expression joined by AND. */
export function conjunctsOf(node: Node): Node[] {
  const bool: BoolExpr | null = asKind(node, 'BoolExpr');
  return bool?.boolop === 'AND_EXPR' ? (bool.args ?? []).flatMap(conjunctsOf) : [node];
}

/** Whether validated constraints prove that a column holds no NULL, so that SET NOT NULL need not look (12 and newer). */
export function provesNotNull(relation: KnownRelation | undefined, column: string): boolean {
  if (!relation) return false;
  if (relation.columns.find((each) => each.name === column)?.notNull) return true;
  return validatedConjuncts(relation).some((conjunct) => {
    const test = asKind(conjunct, 'NullTest');
    return test?.nulltesttype === 'IS_NOT_NULL' && columnName(test.arg) === column;
  });
}

/** What all rows of a relation are known to satisfy. */
export function validatedConjuncts(relation: KnownRelation): Node[] {
  return relation.constraints
    .filter((constraint) => constraint.kind === 'check' && constraint.validated)
    .flatMap((constraint) => constraint.conjuncts);
}

/** The column a plain reference names; null for any other expression. */
export function columnName(node: Node | undefined): string | null {
  const fields = asKind(node, 'ColumnRef')?.fields;
  return fields ? stringOf(fields.at(-1)) || null : null;
}

/** Columns an expression mentions. */
export function mentions(nodes: readonly Node[], column: string): boolean {
  return JSON.stringify(nodes).includes(`{"String":{"sval":${JSON.stringify(column)}}}`);
}
