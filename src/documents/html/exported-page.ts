import { t } from '../../messages/translate';
import { documentStyle } from './document-style';
import { escapeHtml } from './escape-html';

export interface ExportedPage {
  title: string;
  /** BCP 47. */
  language: string;
  /** HTML. */
  summary: string;
  parts: readonly ExportedPart[];
}

/** One document of the page. */
export interface ExportedPart {
  /** Where links to it lead. */
  id: string;
  title: string;
  /** HTML. */
  html: string;
}

/** By this a file is known to be an export, which may be written anew. */
export const exportMark = '<meta name="generator" content="Switchback export">';

const colours = `
:root { color-scheme: light dark; --ground: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
  --link: #0b57d0; --bad: #b3261e; --mono: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #3d444d;
  --panel: #161b22; --link: #78a9ff; --bad: #ff8a80; } }
body { font: 15px/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
@media print { :root { --ground: #ffffff; --text: #000000; --quiet: #444444; --line: #bbbbbb; --panel: #f4f4f4;
    --link: #000000; --bad: #000000; }
  main { max-width: none; padding: 0; } nav { display: none; } article { break-before: page; } article:first-of-type { break-before: auto; }
  h1, h2, h3, h4 { break-after: avoid; } tr, svg, .summary { break-inside: avoid; } a { text-decoration: none; } }
`;

/** Documents as one file without scripts: it loads nothing, follows light and dark, and can be printed. */
export function exportedPage({ title, language, summary, parts }: ExportedPage): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
${exportMark}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${colours}${documentStyle}</style>
</head>
<body>
<main>
${summary}${contents(parts)}${parts.map(article).join('')}</main>
</body>
</html>
`;
}

function contents(parts: readonly ExportedPart[]): string {
  if (parts.length < 2) return '';
  const items = parts.map(
    ({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav aria-label="${escapeHtml(t('Documents'))}"><ul>${items.join('')}</ul></nav>\n`;
}

function article({ id, title, html }: ExportedPart): string {
  return `<article id="${escapeHtml(id)}" aria-label="${escapeHtml(title)}">\n${html}</article>\n`;
}
