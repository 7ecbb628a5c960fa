import type { Rehearsal } from '../../rehearse/rehearsal';
import { nameInWorkspace } from './lint-report';

/** The JSON other programs rely on (schemas/rehearse.schema.json): paths relative to the workspace folder, with `/`. */
export function rehearsalJson(rehearsal: Rehearsal, root: string): Rehearsal {
  return {
    migrations: rehearsal.migrations.map(({ failedAt: _, ...migration }) => ({
      ...migration,
      path: nameInWorkspace(root, migration.path),
    })),
    shadow: rehearsal.shadow,
    ...(rehearsal.base && { base: rehearsal.base }),
  };
}
