import type { CatalogObject } from '../catalog/catalog';
import { quoteLiteral } from '../sql/identifier';
import { readPart, schemaOf, sqlWord, statementName, type ObjectKind } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

/** COMMENT ON for the object and its parts, where the two differ; `from` is null for a new object. */
export function commentSteps(
  kind: ObjectKind,
  name: string,
  from: CatalogObject | null,
  to: CatalogObject,
): ReverseStep[] {
  const steps = [
    commentStep(
      `${sqlWord(kind)} ${statementName({ kind, name })}`,
      from?.properties['comment'],
      to.properties['comment'],
    ),
  ];
  for (const [part, properties] of Object.entries(to.parts)) {
    const before = from?.parts[part];
    for (const property of ['comment', 'index comment'])
      steps.push(commentStep(partName(kind, part, name, property), before?.[property], properties[property]));
  }
  return steps.filter((step) => step !== null);
}

function partName(of: ObjectKind, part: string, table: string, property: string): string | null {
  const { kind, name } = readPart(part);
  if (of === 'domain' && kind === 'constraint') return `CONSTRAINT ${name} ON DOMAIN ${table}`;
  if (property === 'index comment') return `INDEX ${schemaOf(table)}.${name}`;
  switch (kind) {
    case 'column':
      return `COLUMN ${table}.${name}`;
    case 'constraint':
    case 'trigger':
    case 'rule':
    case 'policy':
      return `${kind.toUpperCase()} ${name} ON ${table}`;
    default:
      return null;
  }
}

function commentStep(
  on: string | null,
  from: string | undefined,
  to: string | undefined,
): ReverseStep | null {
  if (on === null || from === to) return null;
  return { rank: ranks.settings, sql: `COMMENT ON ${on} IS ${to === undefined ? 'NULL' : quoteLiteral(to)}` };
}
