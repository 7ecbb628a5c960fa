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

/** A script without the statements that make an extension. */
export async function withoutExtension(sql: string, extension: string): Promise<string> {
  const { statements } = (await loadParser()).parse(sql);
  return statements
    .filter((statement) => asKind(statement.node, 'CreateExtensionStmt')?.extname !== extension)
    .map(({ text }) => `${text};\n`)
    .join('');
}
