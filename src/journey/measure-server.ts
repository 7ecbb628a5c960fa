import { measureRates } from '../database/measure-rates';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { workRatesOf, type WorkRates } from '../safety/forecast/work-rates';
import type { Database } from './database';
import { confirmProduction } from './plan-run';
import { storeWorkRates } from './work-rates';
import type { JourneyContext } from './workspace';

/**
 * Measures, after a yes, how fast the connected server scans, writes anew and indexes, and keeps it for the times of
 * forecasts. On production the user types the database's name. Throws `cancelled` or `confirmation-needed`
 * where the answer is no, `no-privilege` where no temporary table may be made.
 */
export async function measureServer(context: JourneyContext, database: Database): Promise<WorkRates> {
  const { connection, sessions } = database;
  if (connection.environment === 'production') {
    if ((await confirmProduction(context, database)) === null)
      throw new SwitchbackError(
        'confirmation-needed',
        t('Nothing was measured on {0}. Type its name to measure it.', sessions.label),
      );
  } else {
    const agreed = await context.prompt.confirm({
      id: 'measure-server',
      title: t('Measure how fast {0} works?', sessions.label),
      detail: t(
        'A temporary table of 100,000 rows is made, read, written anew and indexed, which takes up to three seconds, and is gone at the end. No table of yours is touched.',
      ),
      accept: t('Measure'),
    });
    if (!agreed) throw new SwitchbackError('cancelled', t('Nothing was measured on {0}.', sessions.label));
  }
  context.progress.report({ message: t('Measuring {0}', sessions.label) });
  const session = await sessions.open({ applicationName: 'switchback measure', signal: context.signal });
  const rates = await measureRates(session, context.signal).finally(() => session.close());
  await storeWorkRates(context, database, rates);
  return workRatesOf(rates.map((rate) => ({ ...rate, measuredAt: context.clock.now().toISOString() })))!;
}
