import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Session } from './session';

/**
 * Takes a plan's run over: makes its row where there is none, and gives a fencing token greater than all before.
 * Whoever works with an older one gets `fenced-off`. Waits for a batch that is just being committed.
 */
export async function acquireFence(session: Session, planId: string, owner: string): Promise<number> {
  const { rows } = await session.query<{ fence: string }>(
    `insert into switchback.runs as r (plan_id, fence, owner) values ($1, 1, $2)
     on conflict (plan_id) do update set fence = r.fence + 1, owner = excluded.owner, updated_at = now()
     returning fence`,
    [planId, owner],
  );
  return Number(rows[0]!.fence);
}

/**
 * Inside a transaction: locks the run's row until its end and throws `fenced-off` when somebody has taken the run
 * over since. An advisory lock alone does not stop a worker whose lock session died.
 */
export async function assertFence(session: Session, planId: string, fence: number): Promise<void> {
  const { rows } = await session.query<{ fence: string; owner: string | null }>(
    'select fence, owner from switchback.runs where plan_id = $1 for no key update',
    [planId],
  );
  const row = rows[0];
  if (row && Number(row.fence) === fence) return;
  throw new SwitchbackError(
    'fenced-off',
    t(
      'The run of "{0}" was taken over by {1}. Nothing more is done here; watch it there, or take it over again.',
      planId,
      row?.owner ?? t('somebody else'),
    ),
    { details: { fence, current: row ? Number(row.fence) : null, owner: row?.owner ?? null } },
  );
}
