import type { CatalogObject } from '../catalog/catalog';
import { readPart, schemaOf } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

/** Parts of a table that are the same but for their name get the old one back; `parts` are those, old and new. */
export function renamedParts(
  table: string,
  from: CatalogObject,
  to: CatalogObject,
): { steps: ReverseStep[]; parts: ReadonlySet<string> } {
  const came = Object.keys(from.parts).filter((part) => !to.parts[part]);
  const went = Object.keys(to.parts).filter((part) => !from.parts[part]);
  const steps: ReverseStep[] = [];
  const parts = new Set<string>();
  for (const part of came) {
    const looks = looksOf(part, from.parts[part]!);
    const old = went.filter((other) => looksOf(other, to.parts[other]!) === looks);
    const rivals = came.filter((other) => looksOf(other, from.parts[other]!) === looks);
    const sql = looks && old.length === 1 && rivals.length === 1 ? renameSql(table, part, old[0]!) : null;
    if (sql === null) continue;
    steps.push({ rank: ranks.rename, sql });
    parts.add(part).add(old[0]!);
  }
  return { steps, parts };
}

/** null for what has no name of its own to give back, as what comes from a parent table. */
function looksOf(part: string, properties: Record<string, string>): string | null {
  const { kind, name } = readPart(part);
  if (!['constraint', 'index', 'trigger', 'rule', 'policy'].includes(kind)) return null;
  if (properties['inherited'] === 'yes') return null;
  const definition = properties['definition']?.split(` ${name} `).join(' ? ');
  return JSON.stringify([kind, kind === 'constraint' ? properties : { ...properties, definition }]);
}

function renameSql(table: string, present: string, past: string): string | null {
  const { kind, name } = readPart(present);
  const old = readPart(past).name;
  switch (kind) {
    case 'constraint':
      return `ALTER TABLE ${table} RENAME CONSTRAINT ${name} TO ${old}`;
    case 'index':
      return `ALTER INDEX ${schemaOf(table)}.${name} RENAME TO ${old}`;
    case 'trigger':
    case 'rule':
    case 'policy':
      return `ALTER ${kind.toUpperCase()} ${name} ON ${table} RENAME TO ${old}`;
    default:
      return null;
  }
}
