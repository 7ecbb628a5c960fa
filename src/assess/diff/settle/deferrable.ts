import { parseQualifiedName } from '../../../sql/identifier';
import type { SetDeferrable } from '../../changes/set-deferrable';
import { setProperties, tablesInBoth, type Draft } from './draft';

const timing = /(?: NOT)? DEFERRABLE(?: INITIALLY (DEFERRED|IMMEDIATE))?$/;

/** A constraint that is only checked at another moment is not another constraint. */
export function settleDeferrable(draft: Draft): void {
  for (const { key, name, before, after } of tablesInBoth(draft))
    for (const [part, was] of Object.entries(before.parts)) {
      const definition = after.parts[part]?.['definition'] ?? '';
      const old = was['definition'] ?? '';
      if (!part.startsWith('constraint ') || old === definition) continue;
      if (old.replace(timing, '') !== definition.replace(timing, '')) continue;
      setProperties(draft.from, key, part, { definition });
      if (was['inherited'] === 'yes') continue;
      const constraint = part.slice('constraint '.length);
      const isForeignKey = definition.startsWith('FOREIGN KEY');
      const words = timing.exec(definition)?.[0].trim() ?? 'NOT DEFERRABLE';
      draft.changes.push({
        change: {
          kind: 'set-deferrable',
          table: parseQualifiedName(name),
          constraint: parseQualifiedName(constraint).name,
          deferrable: momentOf(definition),
        },
        statements: isForeignKey
          ? [`ALTER TABLE ${name} ALTER CONSTRAINT ${constraint} ${words}`]
          : [
              `ALTER TABLE ${name} DROP CONSTRAINT ${constraint}`,
              `ALTER TABLE ${name} ADD CONSTRAINT ${constraint} ${definition}`,
            ],
      });
    }
}

function momentOf(definition: string): SetDeferrable['deferrable'] {
  const found = timing.exec(definition);
  if (!found || found[0].startsWith(' NOT')) return 'not';
  return found[1] === 'DEFERRED' ? 'deferred' : 'immediate';
}
