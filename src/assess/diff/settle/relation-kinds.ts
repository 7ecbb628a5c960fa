import type { Catalog, CatalogObject } from '../../../catalog/catalog';
import { t } from '../../../messages/translate';
import { readObjectName, withoutSchema, schemaOf } from '../../../reverse/object-name';
import { parseQualifiedName } from '../../../sql/identifier';
import { setProperties, tablesInBoth, type Draft } from './draft';

const relationKinds = ['table', 'foreign table', 'view', 'materialized view', 'sequence'] as const;

/** A table that is to be of another make keeps its rows: it is never dropped and made anew under its name. */
export function settleRelationKinds(draft: Draft): void {
  for (const key of Object.keys(draft.to.objects)) settleKind(draft, key);
  for (const { key, name, before, after } of tablesInBoth(draft)) {
    if (before.properties['partition key'] !== after.properties['partition key'])
      settlePartitioning(draft, key, name);
    else if (before.properties['persistence'] !== after.properties['persistence'])
      settlePersistence(draft, key, name);
  }
}

function settleKind(draft: Draft, key: string): void {
  const is = readObjectName(key);
  if (!is || !(relationKinds as readonly string[]).includes(is.kind)) return;
  const was = relationKinds.find((kind) => kind !== is.kind && draft.from.objects[`${kind} ${is.name}`]);
  if (was === undefined || ![was, is.kind].some((kind) => kind === 'table' || kind === 'foreign table'))
    return;
  draft.differences.push(
    t(
      '{0} is a {1} and is to be a {2}. No recipe makes one of the other, and dropping it would lose what is in it: make the new one under another name, and give it the name when the old one is no longer needed.',
      is.name,
      was,
      is.kind,
    ),
  );
  delete draft.from.objects[`${was} ${is.name}`];
  draft.untouched.add(`${was} ${is.name}`);
  for (const [sequence, { properties }] of Object.entries(draft.from.objects))
    if (properties['owned by']?.startsWith(`${is.name}.`)) {
      delete draft.from.objects[sequence];
      delete draft.to.objects[sequence];
    }
  leaveAsIs(draft, key);
}

/** Both schemas have it as it is to be. */
function leaveAsIs({ from, to, untouched }: Draft, key: string): void {
  const object = to.objects[key];
  if (object) from.objects[key] = object;
  else delete from.objects[key];
  untouched.add(key);
}

function settlePartitioning(draft: Draft, key: string, name: string): void {
  const { from, to } = draft;
  const [before, after] = [from.objects[key]!, to.objects[key]!];
  const [was, is] = [before.properties['partition key'], after.properties['partition key']];
  const partitions = partitionsOf(to, name);
  const obstacle = is === undefined || was !== undefined ? null : obstacleToPartitioning(draft, name);
  if (is !== undefined && was === undefined && obstacle === null)
    draft.changes.push({
      change: {
        kind: 'partition-table',
        table: parseQualifiedName(name),
        partitionBy: is,
        partitions: partitions
          .map(
            (each) => `${spelled(each, name)} ${to.objects[`table ${each}`]!.properties['partition bound']}`,
          )
          .join(';\n'),
      },
      statements: [],
    });
  else draft.differences.push(notPartitioned(name, was, is, obstacle));
  for (const each of [...partitionsOf(from, name), ...partitions]) leaveAsIs(draft, `table ${each}`);
  leaveAsIs(draft, key);
}

function notPartitioned(
  name: string,
  was: string | undefined,
  is: string | undefined,
  obstacle: string | null,
): string {
  if (is === undefined)
    return t(
      '{0} is partitioned by {1} and is to be one table. No recipe does that, and dropping it would lose all rows: make a table under another name, copy the rows in batches, and give it the name.',
      name,
      was ?? '',
    );
  return was === undefined
    ? t(
        '{0} is to be partitioned by {1}, and dropping it would lose all rows. The recipe partition-table does it, but cannot reach this schema: {2}',
        name,
        is,
        obstacle ?? '',
      )
    : t(
        '{0} is partitioned by {1} and is to be by {2}. No recipe does that, and dropping it would lose all rows: make a table under another name, copy the rows in batches, and give it the name.',
        name,
        was,
        is,
      );
}

/** Why the recipe cannot make this partitioned table of that table; null where it can. */
function obstacleToPartitioning({ from, to }: Draft, name: string): string | null {
  const [before, after] = [from.objects[`table ${name}`]!, to.objects[`table ${name}`]!];
  const partitions = partitionsOf(to, name);
  const bounds = partitions.map((each) => to.objects[`table ${each}`]!.properties['partition bound'] ?? '');
  if (partitions.some((each) => from.objects[`table ${each}`] !== undefined))
    return t('a partition is a table of its own now. Partition it first, and move those rows.');
  if (partitions.some((each) => to.objects[`table ${each}`]!.properties['partition key'] !== undefined))
    return t('a partition has partitions itself. Partition it without those first.');
  const isHash = /^hash/i.test(after.properties['partition key'] ?? '');
  if (!isHash && !bounds.includes('DEFAULT'))
    return t('it has no default partition. Partition it with one, and detach that later.');
  if (!Object.values(before.parts).some(({ definition }) => definition?.startsWith('PRIMARY KEY')))
    return t('it has no primary key that holds what it is to be partitioned by. Give it one first.');
  if (partsOf(before) !== partsOf(after))
    return t(
      'columns, keys, constraints or indexes differ, too. Make them the same first, then compare again.',
    );
  return null;
}

/** Columns, keys, constraints, indexes and triggers, in one text. */
function partsOf({ parts }: CatalogObject): string {
  return Object.entries(parts)
    .filter(([part]) => !part.startsWith('privileges of '))
    .map(([part, properties]) => `${part} ${JSON.stringify(Object.entries(properties).sort())}`)
    .map((text) => text.replace(' ON ONLY ', ' ON '))
    .sort()
    .join('\n');
}

function spelled(partition: string, table: string): string {
  return schemaOf(partition) === schemaOf(table) ? withoutSchema(partition) : partition;
}

/** The partitions of a table, and theirs. */
export function partitionsOf(catalog: Catalog, table: string): string[] {
  return Object.entries(catalog.objects).flatMap(([key, { properties }]) => {
    const isPartition = properties['partition bound'] !== undefined && properties['parents'] === table;
    const name = readObjectName(key)?.name;
    return isPartition && name !== undefined ? [name, ...partitionsOf(catalog, name)] : [];
  });
}

function settlePersistence(draft: Draft, key: string, name: string): void {
  const persistence = draft.to.objects[key]!.properties['persistence'];
  draft.differences.push(
    t(
      '{0} is to be {1}. All of it would be written anew while nobody can use it, so none is proposed: make a new table and copy the rows in batches, or do it where nobody uses it.',
      name,
      persistence === 'unlogged' ? 'UNLOGGED' : 'LOGGED',
    ),
  );
  setProperties(draft.from, key, null, { persistence });
  draft.untouched.add(`${key} persistence`);
}
