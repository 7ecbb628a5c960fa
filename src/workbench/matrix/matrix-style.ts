/** Only the theme's own variables: the page follows light, dark and high contrast by itself. */
export const matrixStyle = `
:root { --line: var(--vscode-widget-border, var(--vscode-panel-border, var(--vscode-contrastBorder, transparent))); }
body { margin: 0; padding: 0; background: var(--vscode-editor-background); color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; }
main { padding: 16px 24px 32px; }
h1 { margin: 0; font-size: 1.55em; font-weight: 600; }
p { margin: 8px 0; }
table { border-collapse: separate; border-spacing: 0; margin-top: 20px; min-width: 100%; }
caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px; border-bottom: 1px solid var(--line); font-weight: normal; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--vscode-editor-background); border-bottom: 2px solid var(--line); font-weight: 600; }
tbody th { font-family: var(--vscode-editor-font-family); overflow-wrap: anywhere; }
.quiet { color: var(--vscode-descriptionForeground); font-weight: normal; }
td .quiet, .environment { display: block; }
.environment { font-weight: normal; }
.production { border-left: 2px solid var(--vscode-editorError-foreground, var(--vscode-contrastBorder, var(--line))); border-right: 2px solid var(--vscode-editorError-foreground, var(--vscode-contrastBorder, var(--line))); }
thead .production .environment { font-weight: 700; text-transform: uppercase; }
.failed .state, .missing .state, .differs { font-weight: 700; }
.pending .state, .absent .state { font-style: italic; }
.problems { margin: 8px 0; padding-left: 20px; }
`;
