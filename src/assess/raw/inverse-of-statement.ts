import type { RangeVar } from '@pgsql/types';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind, strings, type Fields } from '../../sql/tree';

/**
 * The statement that takes a statement back, where its own text tells; null where a person has to say: what replaces,
 * drops or changes something does not tell what was there.
 */
export function inverseOfStatement({ node }: Statement): string | null {
  const alter = asKind(node, 'AlterTableStmt');
  if (alter) return alteredBack(alter);
  const rename = asKind(node, 'RenameStmt');
  if (rename) return renamedBack(rename);
  const index = asKind(node, 'IndexStmt');
  if (index) return droppedIndex(index);
  const filled = asKind(node, 'CreateTableAsStmt');
  if (filled)
    return dropRelation(
      filled.objtype === 'OBJECT_MATVIEW' ? 'MATERIALIZED VIEW' : 'TABLE',
      filled.into?.rel,
      filled.if_not_exists,
    );
  return droppedRelation(node) ?? droppedPart(node) ?? droppedType(node);
}

function droppedRelation(node: object): string | null {
  const table = asKind(node, 'CreateStmt');
  if (table) return dropRelation('TABLE', table.relation, table.if_not_exists);
  const view = asKind(node, 'ViewStmt');
  if (view) return dropRelation('VIEW', view.view, view.replace);
  const sequence = asKind(node, 'CreateSeqStmt');
  if (sequence) return dropRelation('SEQUENCE', sequence.sequence, sequence.if_not_exists);
  const statistics = asKind(node, 'CreateStatsStmt');
  if (!statistics || statistics.if_not_exists) return null;
  const name = dotted(strings(statistics.defnames));
  return name && `DROP STATISTICS ${name}`;
}

/** `perhaps`: it may have been there before, so that dropping it would take too much. */
function dropRelation(word: string, relation: RangeVar | undefined, perhaps?: boolean): string | null {
  const name = nameOf(relation);
  return name === null || perhaps === true ? null : `DROP ${word} ${name}`;
}

function droppedIndex(index: Fields<'IndexStmt'>): string | null {
  const schema = index.relation?.schemaname;
  if (!index.idxname || !schema || index.if_not_exists) return null;
  const concurrently = index.concurrent ? 'CONCURRENTLY ' : '';
  return `DROP INDEX ${concurrently}${formatQualifiedName({ schema, name: index.idxname })}`;
}

function droppedPart(node: object): string | null {
  const trigger = asKind(node, 'CreateTrigStmt');
  if (trigger) return dropPart('TRIGGER', trigger.trigname, trigger.relation, trigger.replace);
  const policy = asKind(node, 'CreatePolicyStmt');
  if (policy) return dropPart('POLICY', policy.policy_name, policy.table);
  const rule = asKind(node, 'RuleStmt');
  return rule && dropPart('RULE', rule.rulename, rule.relation, rule.replace);
}

function dropPart(
  word: string,
  name: string | undefined,
  relation: RangeVar | undefined,
  replaces?: boolean,
): string | null {
  const table = nameOf(relation);
  return !name || table === null || replaces === true
    ? null
    : `DROP ${word} ${formatIdentifier(name)} ON ${table}`;
}

function droppedType(node: object): string | null {
  const composite = asKind(node, 'CompositeTypeStmt');
  if (composite) return dropRelation('TYPE', composite.typevar);
  const type = asKind(node, 'CreateEnumStmt') ?? asKind(node, 'CreateRangeStmt');
  const domain = asKind(node, 'CreateDomainStmt');
  const name = dotted(strings(type?.typeName ?? domain?.domainname));
  return name && `DROP ${type ? 'TYPE' : 'DOMAIN'} ${name}`;
}

function alteredBack(alter: Fields<'AlterTableStmt'>): string | null {
  const table = nameOf(alter.relation);
  if (table === null || alter.objtype !== 'OBJECT_TABLE') return null;
  const commands = (alter.cmds ?? []).map((node) => commandBack(asKind(node, 'AlterTableCmd')));
  if (commands.length === 0 || commands.some((command) => command === null)) return null;
  return `ALTER TABLE ${table} ${commands.reverse().join(', ')}`;
}

function commandBack(command: Fields<'AlterTableCmd'> | null): string | null {
  if (!command || command.missing_ok) return null;
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const column = asKind(command.def, 'ColumnDef')?.colname;
      return column ? `DROP COLUMN ${formatIdentifier(column)}` : null;
    }
    case 'AT_AddConstraint': {
      const name = asKind(command.def, 'Constraint')?.conname;
      return name ? `DROP CONSTRAINT ${formatIdentifier(name)}` : null;
    }
    default:
      return null;
  }
}

const renamedWords: Record<string, string> = {
  OBJECT_TABLE: 'TABLE',
  OBJECT_VIEW: 'VIEW',
  OBJECT_MATVIEW: 'MATERIALIZED VIEW',
  OBJECT_INDEX: 'INDEX',
  OBJECT_SEQUENCE: 'SEQUENCE',
};

function renamedBack({
  renameType,
  relation,
  subname,
  newname,
  missing_ok,
}: Fields<'RenameStmt'>): string | null {
  const table = nameOf(relation);
  if (table === null || !newname || missing_ok) return null;
  const to = formatIdentifier(newname);
  if (subname && (renameType === 'OBJECT_COLUMN' || renameType === 'OBJECT_TABCONSTRAINT')) {
    const word = renameType === 'OBJECT_COLUMN' ? 'COLUMN' : 'CONSTRAINT';
    return `ALTER TABLE ${table} RENAME ${word} ${to} TO ${formatIdentifier(subname)}`;
  }
  const word = renamedWords[renameType ?? ''];
  if (word === undefined) return null;
  const now = formatQualifiedName({ schema: relation!.schemaname!, name: newname });
  return `ALTER ${word} ${now} RENAME TO ${formatIdentifier(relation!.relname!)}`;
}

/** null for a name without its schema: where it is found depends on the session. */
function nameOf(relation: RangeVar | undefined): string | null {
  if (!relation?.schemaname || !relation.relname) return null;
  return formatQualifiedName({ schema: relation.schemaname, name: relation.relname });
}

function dotted(parts: readonly string[]): string | null {
  const [schema, name, ...more] = parts;
  return schema && name && more.length === 0 ? formatQualifiedName({ schema, name }) : null;
}
