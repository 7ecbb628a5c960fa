import type { LayoutId, Migration } from './layout';

/** What a tool does with a migration that is not applied and comes before one that is. */
export type LateMigration = 'runs' | 'refused' | 'passed-over';

/**
 * As each tool does it unless it is told otherwise. Refused: goose (`-allow-missing`), node-pg-migrate (`--no-check-order`),
 * Flyway (`outOfOrder`), refinery (`abort_missing`, for V files), Supabase (`--include-all`), Atlas (`exec-order`), Kysely
 * (`allowUnorderedMigrations`). Passed over: tools that go on from the latest version in their table. golang-migrate does
 * too, and keeps that version alone, so that nobody can tell.
 */
export function lateMigration({ layout, upPath }: Migration): LateMigration {
  if (layout === 'refinery' && /(?:^|[\\/])U\d+__[^\\/]*$/.test(upPath)) return 'runs';
  return unlessTold[layout] ?? 'runs';
}

const unlessTold: Partial<Record<LayoutId, LateMigration>> = {
  atlas: 'refused',
  drizzle: 'passed-over',
  flyway: 'refused',
  goose: 'refused',
  'graphile-migrate': 'passed-over',
  kysely: 'refused',
  'node-pg-migrate': 'refused',
  postgrator: 'passed-over',
  refinery: 'refused',
  sqitch: 'passed-over',
  supabase: 'refused',
};
