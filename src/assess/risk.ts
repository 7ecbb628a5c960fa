import type { Environment } from '../database/connection';
import { dependentsOfColumn, type TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { TableLoad } from './load/load-facts';
import type { CodeReferences, Level, Risk, RiskReason, ServerFacts } from './assessment';
import type { NewColumnFacts } from './change-facts';
import { changeTypeOf, presentColumn, removedColumn, type SingleChange } from './change';
import { countCodeReferences, describeCount } from './code-references';

export interface RiskFacts {
  change: SingleChange;
  table: TableFacts;
  load: TableLoad | null;
  server: ServerFacts;
  code: CodeReferences;
  newColumn: NewColumnFacts | null;
  environment: Environment;
}

/** From the least to the most. */
export const riskLevels: readonly Level[] = ['low', 'medium', 'high', 'very-high'];

/** How risky a change is here: the reasons with their evidence, worst first; the level is the worst reason's. */
export function riskOf(facts: RiskFacts): Risk {
  const reasons = [
    sizeReason(facts),
    dependentsReason(facts),
    codeReason(facts),
    longTransactionReason(facts),
    replicaReason(facts),
    slotReason(facts),
    deadRowsReason(facts),
    vacuumReason(facts),
    keyReason(facts),
    lockSlotReason(facts),
    triggerReason(facts),
    publicationReason(facts),
    diskReason(facts),
    domainReason(facts),
    backupReason(facts),
  ].filter((reason) => reason !== null);
  reasons.sort((left, right) => riskLevels.indexOf(right.level) - riskLevels.indexOf(left.level));
  return { level: reasons[0]?.level ?? 'low', reasons };
}

function sizeReason({ table, change, newColumn }: RiskFacts): RiskReason | null {
  const rows = table.rows.count;
  if (rows < 10_000) return null;
  const level: Level = rows >= 10_000_000 ? 'high' : rows >= 500_000 ? 'medium' : 'low';
  return {
    id: 'size',
    level,
    sentence: changeTypeOf(change).rewritesRows(change, newColumn)
      ? t('Every row is rewritten once, and the table grows meanwhile.')
      : t('The table is large; a rewrite or a scan under a lock would be noticed.'),
    evidence: t(
      '{0}: about {1} rows, {2} MB.',
      formatQualifiedName(table.name),
      Math.round(rows).toLocaleString('en-US'),
      Math.round(table.bytes.total / 1e6),
    ),
    mitigation: t(
      'Short batches with a checkpoint after each, VACUUM in between, no statement that holds a lock while it reads.',
    ),
  };
}

function dependentsReason({ table, change }: RiskFacts): RiskReason | null {
  const column = presentColumn(change);
  if (column === null) return null;
  const used = dependentsOfColumn(table.dependents, column);
  const names = [
    ...used.views.map((view) => formatQualifiedName(view.name)),
    ...used.routines.map((routine) => routine.signature),
    ...used.policies.map((policy) => policy.name),
    ...used.triggers.map((trigger) => trigger.name),
    ...used.rules.map((rule) => rule.name),
  ];
  const keys = table.foreignKeysIn.filter((key) => key.toColumns.includes(column)).map((key) => key.name);
  const all = [...names, ...keys];
  if (all.length === 0) return null;
  return {
    id: 'dependents',
    level: all.length > 10 ? 'high' : 'medium',
    sentence: t('Other objects depend on {0} and have to move with it.', formatIdentifier(column)),
    evidence: listed(all),
    mitigation: t(
      'Views, policies, triggers, foreign keys and routines whose use is certain are moved by the plan; what it cannot move it names.',
    ),
  };
}

function codeReason({ code, change }: RiskFacts): RiskReason | null {
  const counted = countCodeReferences(code, change);
  const { places } = counted;
  if (places === 0) return null;
  return {
    id: 'code',
    level: places > 50 ? 'high' : 'medium',
    sentence: t('Application code mentions it and has to be released with the change.'),
    evidence: t('{0}{1}.', describeCount(counted), code.truncated ? t(', and more') : ''),
    mitigation: t('Old and new code work side by side until contract, so the release needs no fixed moment.'),
  };
}

function longTransactionReason({ server }: RiskFacts): RiskReason | null {
  const longest = server.longTransactions[0];
  if (!longest) return null;
  return {
    id: 'long-transactions',
    level: longest.milliseconds > 600_000 ? 'high' : 'medium',
    sentence: t(
      'A transaction that stays open keeps the change waiting for its lock, and everybody behind it.',
    ),
    evidence: t(
      '{0} open for longer than 30 s; the oldest for {1} s by {2} (process {3}).',
      server.longTransactions.length,
      Math.round(longest.milliseconds / 1000),
      longest.user,
      longest.pid,
    ),
    mitigation: t(
      'lock_timeout of half a second with retries; let that transaction end first, or run the step in a quiet hour.',
    ),
  };
}

function replicaReason({ server }: RiskFacts): RiskReason | null {
  const lagging = (server.replicas ?? []).filter(
    (replica) => (replica.lagMilliseconds ?? 0) > 5000 || (replica.lagBytes ?? 0) > 64 * 1024 * 1024,
  );
  if (lagging.length === 0) return null;
  return {
    id: 'replica-lag',
    level: 'medium',
    sentence: t('Replicas are behind already, and a backfill writes more for them to replay.'),
    evidence: listed(lagging.map((replica) => `${replica.name}: ${replica.lagMilliseconds ?? '?'} ms`)),
    mitigation: t('The backfill holds while the lag is over its limit.'),
  };
}

function slotReason({ server }: RiskFacts): RiskReason | null {
  const idle = server.slots.filter(({ active }) => !active);
  if (idle.length === 0) return null;
  const kept = Math.max(0, ...idle.map(({ keptBytes }) => keptBytes ?? 0));
  return {
    id: 'replication-slots',
    level: kept > 1024 ** 3 ? 'high' : 'medium',
    sentence: t('Nobody reads a replication slot, and all WAL that a backfill writes is kept for it.'),
    evidence: listed(idle.map(({ name, keptBytes }) => `${name}: ${Math.round((keptBytes ?? 0) / 1e6)} MB`)),
    mitigation: t(
      'Connect its reader or drop the slot before the backfill; max_slot_wal_keep_size limits what is kept.',
    ),
  };
}

/** Fewer than these say little. */
const fewRows = 10_000;

function deadRowsReason({ table, load }: RiskFacts): RiskReason | null {
  if (load === null) return null;
  const { live, dead } = load.rows;
  if (dead < fewRows || dead < (live + dead) / 5) return null;
  return {
    id: 'dead-rows',
    level: 'medium',
    sentence: t('The table holds many dead rows: every scan reads them, and a backfill adds more.'),
    evidence:
      live === 1
        ? t(
            '{0}: {1} dead rows beside 1 live one.',
            formatQualifiedName(table.name),
            dead.toLocaleString('en-US'),
          )
        : t(
            '{0}: {1} dead rows beside {2} live ones.',
            formatQualifiedName(table.name),
            dead.toLocaleString('en-US'),
            live.toLocaleString('en-US'),
          ),
    mitigation: t(
      'VACUUM it before the first step, and look for what keeps them: an old transaction, a slot.',
    ),
  };
}

function vacuumReason({ load }: RiskFacts): RiskReason | null {
  const running = load?.vacuums ?? [];
  if (running.length === 0) return null;
  return {
    id: 'vacuum',
    level: 'low',
    sentence: t('VACUUM is at work on the table, and DDL waits for it or ends it.'),
    evidence: listed(running.map(({ pid, phase }) => t('process {0}, {1}', pid, phase))),
    mitigation: t(
      'Autovacuum gives way to a lock unless it prevents wraparound; wait for one that was started by hand.',
    ),
  };
}

function keyReason({ table }: RiskFacts): RiskReason | null {
  if (table.uniqueKeys.length > 0) return null;
  return {
    id: 'no-key',
    level: 'medium',
    sentence: t('Without a key rows can only be walked by their place, and they move when they are updated.'),
    evidence: t('{0} has no primary key and no unique key without NULLs.', formatQualifiedName(table.name)),
    mitigation: t('The backfill makes closing passes until no row is left, and a check counts them.'),
  };
}

function lockSlotReason({ server, table }: RiskFacts): RiskReason | null {
  const { needed, available } = server.lockSlots;
  if (table.partitioning === null || needed < available / 4) return null;
  return {
    id: 'lock-slots',
    level: needed > available ? 'high' : 'medium',
    sentence: t(
      'A statement on the partitioned table locks every partition, and the server has room for so many locks only.',
    ),
    evidence: t('{0} partitions; about {1} locks of {2}.', table.partitioning.count, needed, available),
    mitigation: t(
      'Raise max_locks_per_transaction (needs a restart) or run expand when little else runs; the backfill goes partition by partition.',
    ),
  };
}

function triggerReason({ table }: RiskFacts): RiskReason | null {
  const firing = table.triggers.filter(
    (trigger) => trigger.enabled !== 'disabled' && /UPDATE/.test(trigger.definition),
  );
  if (firing.length === 0) return null;
  return {
    id: 'triggers',
    level: 'low',
    sentence: t('Triggers fire for every row the backfill writes.'),
    evidence: listed(firing.map((trigger) => trigger.name)),
    mitigation: t(
      'Look at what they do for an update that changes nothing else: time stamps, audit rows, messages.',
    ),
  };
}

function publicationReason({ table }: RiskFacts): RiskReason | null {
  if (table.publications.length === 0) return null;
  return {
    id: 'publications',
    level: 'high',
    sentence: t('Subscribers without the new column stop replicating at the first row.'),
    evidence: listed(table.publications.map((publication) => publication.name)),
    mitigation: t('Add the column on every subscriber before expand.'),
  };
}

function diskReason({ server }: RiskFacts): RiskReason | null {
  const { heapBytes, indexBytes, walBytes, freeBytes } = server.disk;
  const need = heapBytes + indexBytes + walBytes;
  if (freeBytes === null || need < freeBytes / 2) return null;
  return {
    id: 'disk',
    level: need > freeBytes ? 'very-high' : 'high',
    sentence: t('The change may fill the disk.'),
    evidence: t(
      'It needs up to {0} MB; {1} MB are free.',
      Math.round(need / 1e6),
      Math.round(freeBytes / 1e6),
    ),
    mitigation: t('Make room first, or use smaller shares between two VACUUMs.'),
  };
}

function domainReason({ newColumn, table }: RiskFacts): RiskReason | null {
  if (newColumn?.domain == null) return null;
  return {
    id: 'domain',
    level: 'low',
    sentence: t('Adding a column of a domain with constraints rewrites the table under an exclusive lock.'),
    evidence: t('{0} on {1}.', newColumn.type, formatQualifiedName(table.name)),
    mitigation: t('Unless the table is small, the column gets the base type with the domain’s checks.'),
  };
}

function backupReason({ environment, change }: RiskFacts): RiskReason | null {
  if (environment === 'development') return null;
  return {
    id: 'backup',
    level: removedColumn(change) !== null && environment === 'production' ? 'medium' : 'low',
    sentence: t('No backup taken for this change is known.'),
    evidence: t('This is a {0} connection and no backup is recorded.', environment),
    mitigation:
      environment === 'production'
        ? t('The gate "backup" has to hold before expand and again before contract.')
        : t('Take one before the first step.'),
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? t('{0} and {1} more', shown, names.length - 8) : shown;
}
