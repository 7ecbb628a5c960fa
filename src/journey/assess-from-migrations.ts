import { assessTogether } from '../assess/assess-together';
import type { Assessment } from '../assess/assessment';
import type { Change } from '../assess/change';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { appliedHistory } from './applied-history';
import type { AssessPart } from './assess-in-turn';
import { assessStandIn } from './assess-stand-in';
import type { Database } from './database';
import { layoutOf, migrationFolders } from './migrations';
import { replay, replayInto } from './replay';
import { openWorkspaceShadow } from './shadow';
import type { JourneyContext } from './workspace';

/**
 * Whether what is there already is the beginning of the change, made by hand. Throws `already-done`, with how to say so, where
 * nobody can be asked.
 */
export async function isBegunByHand(context: JourneyContext, error: SwitchbackError): Promise<boolean> {
  try {
    return await context.prompt.confirm({
      id: 'begun-by-hand',
      title: error.sentence,
      detail: t(
        'If that is the beginning of this change, made by hand, it can be planned from the schema that your migrations make. What is there is then adopted into the plan.',
      ),
      accept: t('Plan from Migrations'),
    });
  } catch (asked) {
    if (!isSwitchbackError(asked, 'confirmation-needed')) throw asked;
    throw new SwitchbackError('already-done', asked.sentence, { cause: error });
  }
}

/**
 * What is there for a change where the migrations that the database has had are all there is: read in a shadow database they are
 * replayed in. Numbers of rows and bytes are those of the database. Throws as `appliedHistory` and `replayInto`.
 */
export async function assessFromMigrations(
  context: JourneyContext,
  database: Database,
  change: Change,
  assess: AssessPart,
): Promise<Assessment> {
  const { connection, session } = database;
  const folder = (await migrationFolders(context))[0]?.label ?? null;
  const history = await appliedHistory(context, session, folder);
  const target = { connection, major: session.facts.major, session };
  const shadow = await openWorkspaceShadow(context, null, target);
  try {
    const layout = layoutOf(history.folder);
    await replayInto(context, shadow, await replay(context, layout, history.migrations, shadow));
    const there = await shadow.open({ signal: context.signal });
    try {
      const parts = await assessStandIn(context, database, { there, change }, assess);
      return { ...assessTogether(parts), fromMigrations: history.folder.label };
    } finally {
      await there.close();
    }
  } finally {
    await shadow.dispose();
  }
}
