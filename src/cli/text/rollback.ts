import path from 'node:path';
import { t } from '../../messages/translate';
import { textsOf, type ProposedRollback } from '../../journey/generate-rollback';
import { rehearsalText } from './rehearsal';

/** A proposed way back for the terminal: the verdict, then the files as they would be. */
export async function rollbackText(
  rollback: ProposedRollback,
  root: string,
  written: boolean,
): Promise<string> {
  const { rehearsal, shadow, proven } = rollback;
  const verdict = await rehearsalText({ migrations: [rehearsal], shadow });
  const files = textsOf(rollback).map(
    ({ file, newText }) => `${path.relative(root, file)}\n\n${newText.trimEnd()}`,
  );
  const last = written ? t('Written.') : t('Nothing is written: --write does that.');
  return (
    [
      verdict.trimEnd(),
      ...(proven ? [] : [t('It is not proven: read it before you rely on it.')]),
      ...files,
      last,
    ].join('\n\n') + '\n'
  );
}
