import { readPart, withoutSchema } from '../../../reverse/object-name';
import { setProperties, tablesInBoth, withoutPart, type Draft } from './draft';

/** What is changed in a partitioned table reaches its partitions, and is not to be changed there again. */
export function settlePartitionParts(draft: Draft): void {
  settleIndexes(draft);
  const { from, to } = { from: { ...draft.from.objects }, to: { ...draft.to.objects } };
  for (const { key, before, after } of tablesInBoth(draft)) {
    const parent = `table ${after.properties['parents']}`;
    if (!after.properties['partition bound'] || before.properties['parents'] !== after.properties['parents'])
      continue;
    for (const [part, was] of Object.entries(before.parts)) {
      const [is, wholeWas, wholeIs] = [after.parts[part], from[parent]?.parts[part], to[parent]?.parts[part]];
      if (!part.startsWith('column ') || !is || !wholeWas || !wholeIs) continue;
      const carried = inheritedProperties.filter(
        (name) => was[name] !== is[name] && wholeWas[name] === was[name] && wholeIs[name] === is[name],
      );
      // The name of a NOT NULL and whether it is inherited come with it.
      if (carried.includes('not null')) carried.push('not null inherited', 'not null name');
      setProperties(draft.from, key, part, Object.fromEntries(carried.map((name) => [name, is[name]])));
    }
  }
}

const inheritedProperties = ['type', 'collation', 'default', 'not null', 'storage', 'statistics target'];

/** An index of the whole is built with those of its partitions; `ON ONLY`, as the catalog spells it, would leave them out. */
function settleIndexes({ from, to }: Draft): void {
  const wanted = { ...to.objects };
  for (const [key, { parts, properties }] of Object.entries(wanted))
    for (const [part, of] of Object.entries(parts)) {
      if (readPart(part).kind !== 'index') continue;
      const whole = `table ${properties['parents']}`;
      const isNew = (table: string, name: string): boolean => {
        const [was, is] = [from.objects[table]?.parts[name], wanted[table]?.parts[name]];
        return is !== undefined && was?.['definition'] !== is['definition'];
      };
      const attached = of['attached to'];
      if (attached !== undefined && isNew(whole, `index ${withoutSchema(attached)}`)) {
        withoutPart(from, key, part);
        withoutPart(to, key, part);
      } else if (properties['partition key'] !== undefined && of['valid'] !== 'no' && isNew(key, part))
        setProperties(to, key, part, { definition: of['definition']?.replace(' ON ONLY ', ' ON ') });
    }
}
