import { t } from '../messages/translate';
import { loadParser } from '../sql/parser';
import { asKind } from '../sql/tree';

/** The extension that a server's message says it has not got; null for any other message. */
export function missingExtension(message: string): string | null {
  return (
    /extension "([^"]+)" is not available/.exec(message)?.[1] ??
    /extension control file ".*?([^/"]+)\.control"/.exec(message)?.[1] ??
    null
  );
}

/** The failure of a shadow database, not of the migration. */
export function needsExtension(extension: string, message: string): string {
  return t('Needs {0}: use a server that has it as shadow. ({1})', extension, message);
}

/** Why a state cannot be reached, and the way out. */
export function lacksExtension(script: string, extension: string, message: string): string {
  return t(
    'The shadow database cannot be brought to the state before: {0} needs {1}, which it has not ({2}). Use a server that has it as shadow.',
    script,
    extension,
    message,
  );
}

/** A script without the statements that make an extension. */
export async function withoutExtension(sql: string, extension: string): Promise<string> {
  const { statements } = (await loadParser()).parse(sql);
  return statements
    .filter((statement) => asKind(statement.node, 'CreateExtensionStmt')?.extname !== extension)
    .map(({ text }) => `${text};\n`)
    .join('');
}
