import type { TriggerFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { dropTrigger } from '../../sql/row-trigger';
import { stepForecast } from '../step-forecast';
import { storageClause } from './materialized-view';
import { createMirrorTriggers, dropMirrorTriggers, mirrorFunction } from './mirror-table-trigger';
import type { PartitionParts } from './partition-parts-copy';
import { referencesComeBack, referencesGo } from './partition-references';
import { migrationStep } from './plain-steps';
import { regclass, silenced } from './sql-text';
import type { StepDraft } from './step-draft';

/**
 * The partitioned table takes the name, with those of indexes and sequences, and what was written to it from then on is
 * carried back to the one before, which could take the name again at any moment.
 */
export function partitionSwapStep(parts: PartitionParts): StepDraft {
  const { table, before } = parts;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'exchange',
    title: t('Let the partitioned table be {0}', relation),
    action: t(
      'The names change in one short transaction; no row is read or written. From then on every write is carried back to {0}, so that the way back loses nothing.',
      formatQualifiedName(before),
    ),
    forward: [
      ...viewsFirst(parts),
      ...referencesGo(parts),
      ...forward(parts),
      ...referencesComeBack(parts),
      ...viewsAgain(parts),
    ],
    rollback: [
      ...viewsFirst(parts),
      ...referencesGo(parts),
      ...backward(parts),
      ...referencesComeBack(parts),
      ...viewsAgain(parts),
    ],
    holds: [isPartitioned(table.name), `${regclass(before)} IS NOT NULL`],
    expectation: t('{0} is partitioned; the table before is {1}.', relation, formatQualifiedName(before)),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function isPartitioned(name: QualifiedName): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(name)} AND relkind = 'p')`;
}

function forward(parts: PartitionParts): string[] {
  const { table, next, before, mirror, back, facts } = parts;
  return [
    ...dropMirrorTriggers(mirror),
    ...table.triggers.map((trigger) =>
      silenced(
        'disable-trigger',
        t('The trigger goes on firing on the table that takes the name.'),
        setMode(table.name, trigger, 'DISABLE'),
      ),
    ),
    rename(table.name, before.name),
    ...parts.indexes.map(({ schema, name, before: to }) => renameIndex({ schema, name }, to)),
    ...parts.identities.map(({ schema, name, before: to }) => renameSequence({ schema, name }, to)),
    rename(next, table.name.name),
    ...parts.indexes.map(({ schema, name, next: from }) => renameIndex({ schema, name: from }, name)),
    ...parts.identities.flatMap(({ schema, name, next: from, before: old }) => [
      renameSequence({ schema, name: from }, name),
      goOnFrom({ schema, name }, { schema, name: old }),
    ]),
    ...facts.sequences
      .filter(({ identity }) => !identity)
      .map(({ name, column }) => own(name, table.name, column)),
    mirrorFunction('CREATE OR REPLACE', back),
    ...createMirrorTriggers(back),
    ...table.triggers.flatMap((trigger) => triggerAgain(table.name, trigger)),
  ];
}

function backward(parts: PartitionParts): string[] {
  const { table, next, before, mirror, back, facts } = parts;
  return [
    // The whole is locked before its partitions, as who writes to it does.
    `LOCK TABLE ${formatQualifiedName(table.name)} IN ACCESS EXCLUSIVE MODE`,
    ...dropMirrorTriggers(back),
    ...table.triggers.map(({ name }) => dropTrigger(table.name, name)),
    rename(table.name, next.name),
    ...parts.indexes.map(({ schema, name, next: to }) => renameIndex({ schema, name }, to)),
    ...parts.identities.map(({ schema, name, next: to }) => renameSequence({ schema, name }, to)),
    rename(before, table.name.name),
    ...parts.indexes.map(({ schema, name, before: from }) => renameIndex({ schema, name: from }, name)),
    ...parts.identities.flatMap(({ schema, name, next: other, before: from }) => [
      renameSequence({ schema, name: from }, name),
      goOnFrom({ schema, name }, { schema, name: other }),
    ]),
    ...facts.sequences
      .filter(({ identity }) => !identity)
      .map(({ name, column }) => own(name, table.name, column)),
    mirrorFunction('CREATE OR REPLACE', mirror),
    ...createMirrorTriggers(mirror),
    ...table.triggers.map((trigger) => setMode(table.name, trigger, modes[trigger.enabled])),
  ];
}

const modes = { origin: 'ENABLE', disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' };

function setMode(table: QualifiedName, { name }: TriggerFacts, mode: string): string {
  return `ALTER TABLE ${formatQualifiedName(table)} ${mode} TRIGGER ${formatIdentifier(name)}`;
}

function triggerAgain(table: QualifiedName, trigger: TriggerFacts): string[] {
  const mode = modes[trigger.enabled];
  return [trigger.definition, ...(mode === 'ENABLE' ? [] : [setMode(table, trigger, mode)])];
}

function rename(table: QualifiedName, to: string): string {
  return silenced(
    'rename-table-or-schema',
    t('The other one takes the name in the same transaction.'),
    `ALTER TABLE ${formatQualifiedName(table)} RENAME TO ${formatIdentifier(to)}`,
  );
}

function renameIndex(index: QualifiedName, to: string): string {
  return `ALTER INDEX ${formatQualifiedName(index)} RENAME TO ${formatIdentifier(to)}`;
}

function renameSequence(sequence: QualifiedName, to: string): string {
  return `ALTER SEQUENCE ${formatQualifiedName(sequence)} RENAME TO ${formatIdentifier(to)}`;
}

/** Nobody takes a value meanwhile: both tables are locked. */
function goOnFrom(sequence: QualifiedName, other: QualifiedName): string {
  return `SELECT pg_catalog.setval(${quoteLiteral(formatQualifiedName(sequence))}, last_value, is_called)\n  FROM ${formatQualifiedName(other)}`;
}

function own(sequence: QualifiedName, table: QualifiedName, column: string): string {
  return `ALTER SEQUENCE ${formatQualifiedName(sequence)} OWNED BY ${formatQualifiedName(table)}.${formatIdentifier(column)}`;
}

/** Readers of a view lock it before what it reads: locks in another order would stand against theirs. */
function viewsFirst({ views }: PartitionParts): string[] {
  return views.map(
    ({ name, owner }) => `ALTER VIEW ${formatQualifiedName(name)} OWNER TO ${formatIdentifier(owner)}`,
  );
}

function viewsAgain({ views }: PartitionParts): string[] {
  return views.map(
    ({ name, options, definition }) =>
      `CREATE OR REPLACE VIEW ${formatQualifiedName(name)}${storageClause(options ?? [])} AS\n${definition.replace(/;\s*$/, '')}`,
  );
}
