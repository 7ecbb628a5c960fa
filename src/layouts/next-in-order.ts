import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, MigrationStatus } from './layout';

/**
 * Throws `invalid-input` when a history that keeps only the latest version would tell an untruth after this run:
 * an up must be the next pending one, a down the last applied one, and nothing may have failed before.
 */
export function assertNextInOrder(
  statuses: readonly MigrationStatus[],
  version: string,
  direction: Direction,
): void {
  assertNoneFailed(statuses);
  const expected =
    direction === 'up'
      ? statuses.find((status) => status.state === 'pending')
      : statuses.filter((status) => status.state === 'applied').at(-1);
  if (expected?.version === version) return;
  const sentence =
    direction === 'up'
      ? t(
          'Migration {0} is not the next one: {1} comes first. Apply that one before it.',
          version,
          expected?.version ?? '-',
        )
      : t(
          'Migration {0} is not the last applied one: {1} is. Roll that one back before it.',
          version,
          expected?.version ?? '-',
        );
  throw new SwitchbackError('invalid-input', sentence);
}

/** Throws `invalid-input` where a migration began and did not finish: no tool that marks such a one goes on from it. */
export function assertNoneFailed(statuses: readonly MigrationStatus[]): void {
  const failed = statuses.find((status) => status.state === 'failed');
  if (failed) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'Migration {0} began and did not finish. Look at what it changed, repair it, and mark it as applied or not before running others.',
        failed.version,
      ),
    );
  }
}
