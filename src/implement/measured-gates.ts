import { t } from '../messages/translate';
import type { Evidence, Gate } from '../plan/plan';
import type { GateRequest } from './gate-request';
import { fromEvidence, readGate } from './gate-state';

/** Held while no transaction is older than the limit. */
export function longTransactionsGate({ readings, limits }: GateRequest): Gate {
  const oldest = readings.longTransactions.find(
    (one) => one.milliseconds > limits.longTransactionMilliseconds,
  );
  if (oldest) {
    return readGate(
      'long-transactions',
      'failed',
      t(
        'A transaction is open since {1} s: {0}. Wait for it, or end it.',
        oldest.description,
        seconds(oldest.milliseconds),
      ),
    );
  }
  if (readings.blindRole !== null) {
    return readGate(
      'long-transactions',
      'unknown',
      t(
        'The role {0} cannot see the transactions of other users in pg_stat_activity. Grant it pg_read_all_stats, or waive the gate.',
        readings.blindRole,
      ),
    );
  }
  return readGate(
    'long-transactions',
    'held',
    t('No transaction is older than {0} s.', seconds(limits.longTransactionMilliseconds)),
  );
}

/** Held while no replica is further behind than the limit. */
export function replicaLagGate({ readings, limits }: GateRequest): Gate {
  if (readings.replicas === null) {
    return readGate(
      'replica-lag',
      'unknown',
      t('This role may not see pg_stat_replication. Grant it pg_monitor, or waive the gate.'),
    );
  }
  const slowest = [...readings.replicas].sort(
    (a, b) => (b.lagMilliseconds ?? 0) - (a.lagMilliseconds ?? 0),
  )[0];
  const lag = slowest?.lagMilliseconds ?? 0;
  if (slowest && lag > limits.replicaLagMilliseconds) {
    return readGate(
      'replica-lag',
      'failed',
      t('The replica {0} is {1} s behind. Wait until it has caught up.', slowest.name, seconds(lag)),
    );
  }
  return readGate(
    'replica-lag',
    'held',
    readings.replicas.length === 1
      ? t('1 replica, not more than {0} s behind.', seconds(limits.replicaLagMilliseconds))
      : t(
          '{0} replicas, none more than {1} s behind.',
          readings.replicas.length,
          seconds(limits.replicaLagMilliseconds),
        ),
  );
}

/** Held while as much is free as the step needs, which somebody has said. */
export function diskGate({ readings }: GateRequest, recorded: Evidence | undefined): Gate {
  const needed = megabytes(readings.neededBytes);
  const free = recorded?.details.freeBytes;
  if (!recorded || typeof free !== 'number') {
    return readGate(
      'disk',
      'unknown',
      t(
        'The step needs about {0} MB; SQL cannot read how much is free. Say it, or set a command that prints it.',
        needed,
      ),
    );
  }
  return free >= readings.neededBytes
    ? fromEvidence(
        'disk',
        recorded,
        'held',
        t('{0} MB are free and about {1} MB are needed.', megabytes(free), needed),
      )
    : fromEvidence(
        'disk',
        recorded,
        'failed',
        t('Only {0} MB are free and about {1} MB are needed. Make room first.', megabytes(free), needed),
      );
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
