import { t } from '../messages/translate';

/** Two limits of one signal: up to `hold` go on, up to `goBack` hold, above it go back. */
export interface Threshold {
  hold: number;
  goBack: number;
}

/** What decides whether a rollout goes on. Editable in `.switchback/config.json` under "thresholds". */
export interface Thresholds {
  /** Failed requests, percent of all. */
  errorRatePercent: Threshold;
  /** 99th percentile of the response time, percent above a normal day. */
  latencyIncreasePercent: Threshold;
  /** Rows that differ between old and new, or have no value. */
  differingRows: Threshold;
  /** Complaints of users since the step. */
  complaints: Threshold;
  replicaLagSeconds: Threshold;
}

export const defaultThresholds: Thresholds = {
  errorRatePercent: { hold: 0.1, goBack: 1 },
  latencyIncreasePercent: { hold: 10, goBack: 50 },
  differingRows: { hold: 0, goBack: 5 },
  complaints: { hold: 0, goBack: 5 },
  replicaLagSeconds: { hold: 10, goBack: 60 },
};

/** One row of the decision matrix, in words. */
export interface SignalRow {
  id: keyof Thresholds | 'corruption' | 'lock-wait' | 'request';
  signal: string;
  goOn: string;
  hold: string;
  goBack: string;
}

/** The decision matrix. `lockTimeoutMilliseconds` is null where no statement of ours waits for locks. */
export function signalRows(thresholds: Thresholds, lockTimeoutMilliseconds: number | null): SignalRow[] {
  const percent = (value: number): string => t('{0} %', value);
  const above = (value: number): string => t('{0} % above a normal day', value);
  const rows: SignalRow[] = [
    signalRow('errorRatePercent', t('Error rate'), thresholds.errorRatePercent, percent),
    signalRow(
      'latencyIncreasePercent',
      t('Latency, 99th percentile'),
      thresholds.latencyIncreasePercent,
      above,
    ),
    signalRow('differingRows', t('Rows that differ or lack a value'), thresholds.differingRows, String),
    {
      id: 'corruption',
      signal: t('Data corruption (wrong values where the application reads them)'),
      goOn: t('none'),
      hold: t('suspected'),
      goBack: t('proven, on even one row'),
    },
    signalRow('complaints', t('Complaints since the step'), thresholds.complaints, String),
    signalRow('replicaLagSeconds', t('Replica lag'), thresholds.replicaLagSeconds, (value) =>
      t('{0} s', value),
    ),
    {
      id: 'request',
      signal: t('Stakeholder request'),
      goOn: t('none'),
      hold: t('to pause'),
      goBack: t('to go back'),
    },
  ];
  if (lockTimeoutMilliseconds === null) return rows;
  const limits = { hold: lockTimeoutMilliseconds, goBack: lockTimeoutMilliseconds + 100 };
  rows.splice(
    6,
    0,
    signalRow('lock-wait', t('Longest wait for a lock because of a step'), limits, (value) =>
      t('{0} ms', value),
    ),
  );
  return rows;
}

function signalRow(
  id: SignalRow['id'],
  signal: string,
  { hold, goBack }: Threshold,
  words: (value: number) => string,
): SignalRow {
  return {
    id,
    signal,
    goOn: hold === 0 ? t('none') : t('at most {0}', words(hold)),
    hold: t('more, but at most {0}', words(goBack)),
    goBack: t('more than {0}', words(goBack)),
  };
}

/** When to go back, each a sentence that one can say yes or no to. */
export function rollbackCriteria(rows: readonly SignalRow[]): string[] {
  return rows.map(({ signal, goBack }) => t('{0}: {1}', signal, goBack));
}
