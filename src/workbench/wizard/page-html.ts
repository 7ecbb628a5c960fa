import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { t } from '../../messages/translate';
import { translationsElement } from '../../protocol/page-translations';
import { shownLanguage } from '../translations';

/** The page before its first snapshot. Nothing may load but the two files of ours, by nonce. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${shownLanguage()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchback</title>
<link rel="stylesheet" nonce="${nonce}" href="${uri('wizard.css')}">
</head>
<body>
<div id="app"><main class="opening"><h1>Switchback</h1><p>${t('Opening the plan…')}</p></main></div>
${translationsElement(vscode.l10n.bundle ?? {})}
<script nonce="${nonce}" src="${uri('wizard.js')}"></script>
</body>
</html>`;
}
