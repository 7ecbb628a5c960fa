import { documentStyle } from '../../documents/html/document-style';
import { escapeHtml } from '../../documents/html/escape-html';
import { t } from '../../messages/translate';

const colours = `
:root { --ground: var(--vscode-editor-background); --text: var(--vscode-editor-foreground, var(--vscode-foreground));
  --quiet: var(--vscode-descriptionForeground); --panel: var(--vscode-textCodeBlock-background, transparent);
  --line: var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, var(--vscode-descriptionForeground))));
  --link: var(--vscode-textLink-foreground); --bad: var(--vscode-errorForeground); --mono: var(--vscode-editor-font-family); }
body { padding: 0; font-family: var(--vscode-markdown-font-family, var(--vscode-font-family)); font-size: var(--vscode-markdown-font-size, 14px); }
code, pre { color: var(--text); }
`;

export interface PreviewPage {
  /** Address of dist/plan-preview.js. */
  script: string;
  /** BCP 47. */
  language: string;
  nonce: string;
}

/** The page before its first content. Nothing may load but the script of ours, by nonce. */
export function previewPage({ script, language, nonce }: PreviewPage): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(t('Plan Preview'))}</title>
<style nonce="${nonce}">${colours}${documentStyle}</style>
</head>
<body>
<main><p>${escapeHtml(t('Reading the plan…'))}</p></main>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}
