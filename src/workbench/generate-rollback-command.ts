import path from 'node:path';
import * as vscode from 'vscode';
import { migrationTitle } from '../layouts/migration-title';
import { t } from '../messages/translate';
import type { ProposedRollback } from '../journey/generate-rollback';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { engineName } from './migration-words';
import { begunRehearsals } from './rehearsal-memory';
import { registerCommand } from './register-command';
import { RollbackAnswer } from './rollback-answer';
import type { Services } from './services';
import type { OpenDifference } from './sql-documents';
import { pickMigration } from './targets';
import { verdictWord } from './wizard/report-view';

/** Writes the way back of a migration; shown as a difference with its verdict first, and written only when agreed to. */
export function registerGenerateRollback(services: Services): vscode.Disposable {
  const question = new RollbackAnswer(services.keys, services.log);
  const command = registerCommand(commandIds.generateRollback, services.log, async (argument) => {
    requireTrust();
    const file = await pickMigration(services, argument);
    if (file === null) return;
    const backup = await askForBackup();
    if (backup === null) return;
    const { proposeRollback, textsOf, writeRollback } = await import('../journey/generate-rollback');
    const rollback = await aboutFile(services, t('Generating the rollback'), file, (context) =>
      proposeRollback(context, file, { backup }),
    );
    const texts = textsOf(rollback);
    const differences: OpenDifference[] = [];
    for (const { file: changed, text, newText } of texts)
      differences.push(
        await services.sqlDocuments.openDifference(
          `${path.basename(changed)}: ${verdictOf(rollback)}`,
          text ?? '',
          newText,
        ),
      );
    const agreed = await question.ask(
      // No longer than what a message shows without being opened; the verdict is the title of the tabs.
      t('Apply or discard it above: the rollback of {0}.', migrationTitle(rollback)),
      () => differences.some((difference) => difference.isShown()),
    );
    for (const difference of differences) await difference.close();
    if (!agreed) return;
    await aboutFile(services, t('Generating the rollback'), file, (context) =>
      writeRollback(context, rollback),
    );
    await keepVerdict(services, rollback);
    await services.model.reload();
    await showWritten(rollback.file, rollback.newText);
  });
  return vscode.Disposable.from(command, question);
}

/** Watchers of some file systems tell late or nothing, and an editor that was open keeps what it read before. */
async function showWritten(file: string, text: string): Promise<void> {
  const { document } = await vscode.window.showTextDocument(vscode.Uri.file(file));
  if (!document.isDirty && document.getText() !== text)
    await vscode.commands.executeCommand('workbench.action.files.revert');
}

/** What was rehearsed is what stands in the files now: the lens may say so. */
async function keepVerdict({ rehearsals }: Services, rollback: ProposedRollback): Promise<void> {
  if (!rollback.proven) return;
  const { rehearsal, shadow, file: downPath } = rollback;
  const migration = { upPath: rehearsal.path, downPath, version: rehearsal.version };
  await rehearsals.keep(await begunRehearsals([migration]), { migrations: [rehearsal], shadow });
}

/** What the shadow database says of it; a way back that is not proven says so. */
function verdictOf({ proven, rehearsal, shadow }: ProposedRollback): string {
  const verdict = t(
    '{0} on {1} {2}',
    verdictWord(rehearsal.verdict),
    engineName(shadow.engine),
    shadow.version,
  );
  return proven ? verdict : t('not proven, {0}', verdict);
}

/** null where the question was left. */
async function askForBackup(): Promise<boolean | null> {
  const items = [
    {
      label: t('Statements Alone'),
      detail: t('What the migration drops comes back empty, and a comment says so.'),
      backup: false,
    },
    {
      label: t('Keep What It Drops'),
      detail: t('A step before it copies rows and columns into the schema switchback_backup.'),
      backup: true,
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('What is to become of the rows that the migration drops?'),
  });
  return picked?.backup ?? null;
}
