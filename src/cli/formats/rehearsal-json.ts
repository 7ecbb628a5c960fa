import type { Rehearsal } from '../../rehearse/rehearsal';
import type { ForecastBeside, MeasuredStatement } from '../../rehearse/measure/measured-forecast';
import { jsonStatement } from './lint-json';
import { nameInWorkspace } from './lint-report';

/** The JSON other programs rely on (schemas/rehearse.schema.json): paths relative to the workspace folder, with `/`. */
export function rehearsalJson(rehearsal: Rehearsal, root: string): unknown {
  return {
    migrations: rehearsal.migrations.map(({ failedAt: _, statements, ...migration }) => ({
      ...migration,
      path: nameInWorkspace(root, migration.path),
      ...(statements && { statements: statements.map(measuredJson) }),
    })),
    shadow: rehearsal.shadow,
    ...(rehearsal.base && { base: rehearsal.base }),
    ...(rehearsal.data && { data: rehearsal.data }),
  };
}

/** As `switchback lint --shadow` has it; what could not be measured is as forecast, with the reason. */
function measuredJson({ predicted, measured, error, notes, ...rest }: MeasuredStatement): unknown {
  const best = measured ?? predicted;
  const beside: ForecastBeside = {
    ...best,
    ...rest,
    notes: [...new Set([...best.notes, ...notes])],
    predicted,
  };
  return { ...(jsonStatement(beside) as object), error };
}
