import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Direction, History, Layout, Migration, MigrationStatus } from './layout';

/**
 * Throws `invalid-input` when a history that goes by the latest version, or has no gaps, would tell an untruth after this run:
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

export interface CodePlace {
  migration: Migration;
  /** All listed migrations of its folder. */
  siblings: readonly Migration[];
  layout: Pick<Layout, 'compare' | 'title'>;
}

/**
 * Throws `invalid-input` where a migration in code lies between: one that is pending comes before an up, one that is
 * applied goes back before a down.
 */
export function assertCodeInOrder(place: CodePlace, history: History, direction: Direction): void {
  const { layout, siblings } = place;
  const { version } = place.migration;
  const rows = new Set(history.applied.map((row) => row.version));
  const latest = history.applied[0];
  const isApplied = (code: string): boolean =>
    rows.has(code) ||
    (history.cumulative && latest !== undefined && layout.compare(code, latest.version) < 0);
  const between = siblings
    .flatMap((sibling) => sibling.codeVersions ?? [])
    .find((code) =>
      direction === 'up'
        ? !isApplied(code) && layout.compare(code, version) < 0
        : isApplied(code) && layout.compare(code, version) > 0,
    );
  if (between === undefined) return;
  throw new SwitchbackError(
    'invalid-input',
    direction === 'up'
      ? t(
          'Migration {0} is written as code and comes before {1}. Apply it with {2} first.',
          between,
          version,
          layout.title,
        )
      : t(
          'Migration {0} is written as code and was applied after {1}. Roll it back with {2} first.',
          between,
          version,
          layout.title,
        ),
  );
}
