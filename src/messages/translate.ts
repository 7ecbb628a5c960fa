import * as l10n from '@vscode/l10n';

/** A user-visible sentence: English here, translated when the face configured a bundle. */
export function t(message: string, ...args: (string | number | boolean)[]): string {
  return l10n.t(message, ...args);
}

/** Loads translations once, before the first message is shown. `contents` is a bundle's JSON. */
export function configureTranslations(contents: Record<string, string>): void {
  l10n.config({ contents });
}
