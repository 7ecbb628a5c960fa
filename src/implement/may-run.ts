import type { Session } from '../database/session';
import type { Direction, MigrationScript, MigrationStatus } from '../layouts/layout';
import { migrationStatuses } from '../layouts/migration-status';
import { assertCodeInOrder, assertNextInOrder, assertNoneFailed } from '../layouts/next-in-order';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ReleasedFile } from './run-context';

/**
 * Throws `invalid-input` where the tool would not run this migration now: another comes first, or one began and
 * did not finish. Only a history where the latest version stands for all before it, or without gaps, needs the order.
 */
export async function assertMayRun(
  session: Session,
  file: ReleasedFile,
  direction: Direction,
): Promise<void> {
  const history = await file.layout.history(file.directory, session);
  const none = new Map<string, MigrationScript | null>();
  const statuses = migrationStatuses({
    migrations: file.siblings,
    history,
    layout: file.layout,
    up: none,
    down: none,
  });
  if (direction === 'up') assertNotPassedOver(statuses, file);
  if (history.cumulative || history.inOrder) {
    assertNextInOrder(statuses, file.migration.version, direction);
    assertCodeInOrder(file, history, direction);
  } else assertNoneFailed(statuses);
}

function assertNotPassedOver(
  statuses: readonly MigrationStatus[],
  { migration, layout }: ReleasedFile,
): void {
  const status = statuses.find(({ version }) => version === migration.version);
  if (migration.kind !== 'baseline' || status?.state !== 'skipped') return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'Migration {0} is a baseline, and {1} passes it over here: it runs on an empty history only, and of several the last. Apply the versions instead.',
      migration.version,
      layout.title,
    ),
  );
}
