import * as vscode from 'vscode';
import type { JourneyContext } from '../journey/workspace';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { DataCopy } from '../rehearse/copy/data-copy';

const sampleRows = 1000;

/**
 * Which rows of the connected database a rehearsal has in the shadow; null for none. Asked only where the workspace says how rows
 * are masked. Throws `cancelled` when the question is closed.
 */
export async function askRows(
  { workspace }: Pick<JourneyContext, 'workspace'>,
  database: string | null,
): Promise<DataCopy | null> {
  if (database === null || Object.keys(workspace.configuration.masking).length === 0) return null;
  const choices: (vscode.QuickPickItem & { copy: DataCopy | null })[] = [
    {
      label: t('Without rows of {0}', database),
      detail: t('The history is replayed, tables have generated rows'),
      copy: null,
    },
    {
      label: t('On a sample of {0}', database),
      detail: t(
        '{0} rows of each table and all they reference, masked as the configuration says',
        sampleRows,
      ),
      copy: { kind: 'sample', rows: sampleRows },
    },
    {
      label: t('On all rows of {0}', database),
      detail: t('Masked as the configuration says; takes as long as reading them'),
      copy: { kind: 'full' },
    },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: t('Rehearse Rollback'),
    placeHolder: t('What the shadow database holds'),
    ignoreFocusOut: true,
  });
  if (chosen) return chosen.copy;
  throw new SwitchbackError('cancelled', t('Nothing was rehearsed.'));
}
