import type { Node } from '@pgsql/types';
import type { ParseNode } from '../../sql/statement';
import { asKind, stringOf, strings, type Fields } from '../../sql/tree';
import { namedRelation, relationProbe, type EffectProbe } from './effect-probe';
import {
  extensionProbe,
  relationWords,
  routineSql,
  schemaProbe,
  tableRule,
  typeProbe,
  type TableRule,
} from './effect-probe-objects';

/** What a DROP takes away; null for anything else, and where one of its objects is not told. */
export function droppedProbes(node: ParseNode): EffectProbe[] | null {
  const drop = asKind(node, 'DropStmt');
  if (!drop) return null;
  const probes = (drop.objects ?? []).map((object) => droppedObject(drop.removeType ?? '', object));
  return probes.every((probe) => probe !== null) ? probes : null;
}

function droppedObject(removeType: string, object: Node): EffectProbe | null {
  const word = relationWords[removeType];
  const parts = strings(asKind(object, 'List')?.items);
  if (word !== undefined) {
    const named = namedRelation(parts);
    return named && relationProbe(word, named, 'gone');
  }
  switch (removeType) {
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return typeProbe(strings(asKind(object, 'TypeName')?.names), 'gone');
    case 'OBJECT_SCHEMA':
      return schemaProbe(stringOf(object), 'gone');
    case 'OBJECT_EXTENSION':
      return extensionProbe(stringOf(object), 'gone');
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE': {
      const kind = removeType.slice('OBJECT_'.length).toLowerCase() as TableRule;
      return tableRule(kind, namedRelation(parts.slice(0, -1)), parts.at(-1), 'gone')?.[0] ?? null;
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
      return droppedRoutine(asKind(object, 'ObjectWithArgs'));
    default:
      return null;
  }
}

function droppedRoutine(object: Fields<'ObjectWithArgs'> | null): EffectProbe | null {
  const parts = strings(object?.objname);
  const name = parts.at(-1);
  if (!object || !name || parts.length > 2) return null;
  const inputs = object.args_unspecified ? '' : ` and p.pronargs = ${(object.objargs ?? []).length}`;
  return {
    object: `function ${parts.join('.')}`,
    wants: 'gone',
    holds: `not exists (${routineSql(parts)}${inputs})`,
    decides: true,
    paths: [name],
    searched: parts.length === 1,
  };
}
