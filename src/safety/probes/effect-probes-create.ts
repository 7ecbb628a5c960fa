import { quoteLiteral } from '../../sql/identifier';
import type { ParseNode } from '../../sql/statement';
import { asKind, strings, type Fields } from '../../sql/tree';
import { relationOf, relationProbe, type EffectProbe, type NamedRelation } from './effect-probe';
import { createdRoutine } from './effect-probe-routine';
import { extensionProbe, schemaProbe, tableRule, typeProbe } from './effect-probe-objects';

function one(probe: EffectProbe | null): EffectProbe[] | null {
  return probe && [probe];
}

/** What a CREATE leaves; null for anything else. */
export function createdProbes(node: ParseNode): EffectProbe[] | null {
  const table = asKind(node, 'CreateStmt') ?? asKind(node, 'CreateForeignTableStmt')?.base;
  if (table) return relation('table', relationOf(table.relation));
  const view = asKind(node, 'ViewStmt');
  if (view) return undecided(relation('view', relationOf(view.view)), view.replace === true);
  const filled = asKind(node, 'CreateTableAsStmt');
  if (filled) return relation('table', relationOf(filled.into?.rel));
  const sequence = asKind(node, 'CreateSeqStmt');
  if (sequence) return relation('sequence', relationOf(sequence.sequence));
  const composite = asKind(node, 'CompositeTypeStmt');
  if (composite) return relation('type', relationOf(composite.typevar));
  const index = asKind(node, 'IndexStmt');
  if (index) return createdIndex(index);
  const type = asKind(node, 'CreateEnumStmt') ?? asKind(node, 'CreateRangeStmt');
  if (type) return one(typeProbe(strings(type.typeName), 'there'));
  const domain = asKind(node, 'CreateDomainStmt');
  if (domain) return one(typeProbe(strings(domain.domainname), 'there'));
  const schema = asKind(node, 'CreateSchemaStmt');
  if (schema?.schemaname) return [schemaProbe(schema.schemaname, 'there')];
  const extension = asKind(node, 'CreateExtensionStmt');
  if (extension?.extname) return [extensionProbe(extension.extname, 'there')];
  const routine = asKind(node, 'CreateFunctionStmt');
  if (routine) return createdRoutine(routine);
  const trigger = asKind(node, 'CreateTrigStmt');
  if (trigger)
    return tableRule('trigger', relationOf(trigger.relation), trigger.trigname, 'there', trigger.replace);
  const policy = asKind(node, 'CreatePolicyStmt');
  if (policy) return tableRule('policy', relationOf(policy.table), policy.policy_name, 'there');
  const rule = asKind(node, 'RuleStmt');
  if (rule) return tableRule('rule', relationOf(rule.relation), rule.rulename, 'there', rule.replace);
  return null;
}

function relation(word: string, named: NamedRelation | null): EffectProbe[] | null {
  return named && [relationProbe(word, named, 'there')];
}

function undecided(probes: EffectProbe[] | null, isSo: boolean): EffectProbe[] | null {
  return probes && isSo ? probes.map((probe) => ({ ...probe, decides: false })) : probes;
}

function createdIndex(index: Fields<'IndexStmt'>): EffectProbe[] | null {
  const table = relationOf(index.relation);
  if (!table || !index.idxname) return null;
  return [
    {
      object: `index ${index.idxname}`,
      wants: 'there',
      holds: `exists (select from pg_index x join pg_class i on i.oid = x.indexrelid
  where x.indrelid = ${table.sql} and i.relname = ${quoteLiteral(index.idxname)} and x.indisvalid)`,
      decides: true,
      paths: [index.idxname, `${table.path}/${index.idxname}`],
      searched: table.searched,
    },
  ];
}
