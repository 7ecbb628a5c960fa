import { assessedTables } from '../assess/assess-together';
import type { Assessment } from '../assess/assessment';
import type { BatchSample } from '../assess/batch-sample';
import { sampleBatch } from '../implement/sample-batch';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stepsOf, type BackfillStep } from '../plan/plan';
import { formatQualifiedName } from '../sql/identifier';
import type { Database } from './database';
import { confirmProduction } from './plan-run';
import { previewPlan } from './prerequisites';
import type { JourneyContext } from './workspace';

/** Enough to tell, and little enough to be done in a moment. */
const mostRows = 1000;
/** The dead rows of more than this would show in what the server thinks of a small table. */
const mostShare = 0.1;

/**
 * The assessment with what a batch takes on each of its tables that a plan would backfill, after a yes; as it is where there
 * is nothing to backfill. Throws `cancelled` or `confirmation-needed` where the answer is no.
 */
export async function sampleBatches(
  context: JourneyContext,
  database: Database,
  assessment: Assessment,
): Promise<Assessment> {
  const plan = await previewPlan(context, assessment);
  const fills = stepsOf(plan ?? { phases: [] }).filter(
    (step): step is BackfillStep => step.kind === 'backfill',
  );
  const tables = assessedTables(assessment).flatMap(({ table }) => {
    const fill = fills.find(
      (step) => formatQualifiedName(step.backfill.table) === formatQualifiedName(table.name),
    );
    return fill ? [{ table, walk: fill.backfill.walk }] : [];
  });
  if (tables.length === 0) return assessment;
  await agree(
    context,
    database,
    tables.map(({ table }) => formatQualifiedName(table.name)),
  );
  const session = await database.sessions.open({
    applicationName: 'switchback sample',
    signal: context.signal,
  });
  try {
    const samples: BatchSample[] = [];
    for (const { table, walk } of tables) {
      context.progress.report({ message: t('Trying a batch on {0}', formatQualifiedName(table.name)) });
      const rows = Math.max(1, Math.min(mostRows, Math.ceil(table.rows.count * mostShare)));
      const sample = await sampleBatch(session, table, walk, rows, context.signal);
      if (sample) samples.push(sample);
    }
    return { ...assessment, samples };
  } finally {
    await session.close();
  }
}

async function agree(context: JourneyContext, database: Database, tables: readonly string[]): Promise<void> {
  const { connection, sessions } = database;
  const agreed = await context.prompt.confirm({
    id: 'sample-batch',
    title: t('Try a batch on {0}?', tables.join(', ')),
    detail: t(
      'Up to {0} rows are written as they are, in a transaction that is rolled back, for 3 seconds at most. They are locked meanwhile, triggers of the table fire, and VACUUM has that many dead rows more.',
      mostRows.toLocaleString('en-US'),
    ),
    accept: t('Try'),
  });
  if (!agreed) throw new SwitchbackError('cancelled', t('Nothing was tried on {0}.', sessions.label));
  if (connection.environment === 'production' && (await confirmProduction(context, database)) === null)
    throw new SwitchbackError(
      'confirmation-needed',
      t('Nothing was tried on {0}. Type its name to try it.', sessions.label),
    );
}
