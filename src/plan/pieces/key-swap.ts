import type { Assessment, IndexPart } from '../../assess/assessment';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { acceptInFile } from './accepted-in-file';
import { attachKey, deferral, keyRemarks } from './constraint-again';
import { buildPart } from './index-parts';

/** A unique or primary key, and when it is to be checked. */
export type TimedKey = Pick<ConstraintFacts, 'name' | 'kind' | 'definition' | 'deferrable' | 'deferred'>;

/** The same constraint, checked at another moment. */
export function timed<C extends TimedKey>(constraint: C, timing: Pick<C, 'deferrable' | 'deferred'>): C {
  const bare = constraint.definition.replace(/ DEFERRABLE(?: INITIALLY DEFERRED)?$/, '');
  return { ...constraint, ...timing, definition: bare + deferral(timing) };
}

/**
 * Statements that put a key in the place of the one of its name: its indexes are built while others go on reading and
 * writing, then one short transaction drops the one and makes the other of them.
 */
export function keySwap(
  table: TableFacts,
  key: TimedKey,
  { indexParts = [], takenNames = [] }: Pick<Assessment, 'indexParts' | 'takenNames'>,
): string[] {
  const leaves = indexParts.filter(({ leaf }) => leaf);
  const taken = new Set(takenNames);
  const built = new Map<IndexPart, string>();
  for (const part of leaves) {
    const name = freeName(part.name.name, '_switchback', taken);
    taken.add(name);
    built.set(part, name);
  }
  const swap = [
    `ALTER TABLE ${formatQualifiedName(table.name)} DROP CONSTRAINT ${formatIdentifier(key.name)}`,
    ...attachKey(key, indexParts, (part) => built.get(part)!),
    ...indexParts.flatMap(keyRemarks),
  ];
  const statements = [
    ...leaves.flatMap((part) => buildPart(part, built.get(part))),
    'BEGIN',
    "SET LOCAL lock_timeout = '500ms'",
    ...swap,
    'COMMIT',
  ];
  const rerun = t('Switchback skips what is there and drops what is half made');
  const accepted = acceptInFile(['not-rerunnable'], rerun, statements);
  if (table.partitioning === null) return accepted;
  const brief = t('the key of the whole takes those of its partitions without reading a row');
  return acceptInFile(['statement-after-access-exclusive'], brief, accepted);
}
